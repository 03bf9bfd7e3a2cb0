/** What a card may be marked with. */
export type IconName =
  "internet" | "door" | "server" | "database" | "gateway" | "bucket" | "secret" | "key" | "log" | "alarm" | "message" | "backup";

/** Line drawings on a grid of 24. */
export const ICONS: Readonly<Record<IconName, string>> = {
  internet: "M12,2 a10,10 0 1 0 0.01,0 M2,12 H22 M12,2 C6,8 6,16 12,22 C18,16 18,8 12,2",
  door: "M5,22 V4 L14,2 V22 Z M14,4 H19 V22 M2,22 H22 M11,12 V13",
  server: "M3,4 H21 V11 H3 Z M3,13 H21 V20 H3 Z M6,7.5 H8 M6,16.5 H8 M12,7.5 H18 M12,16.5 H18",
  database: "M4,5 C4,1 20,1 20,5 C20,9 4,9 4,5 V19 C4,23 20,23 20,19 V5 M4,12 C4,16 20,16 20,12",
  gateway: "M3,12 H21 M15,6 L21,12 L15,18 M9,6 L3,12 L9,18",
  bucket: "M4,6 C4,3 20,3 20,6 C20,9 4,9 4,6 L6,20 C8,22 16,22 18,20 L20,6",
  secret: "M5,11 H19 V21 H5 Z M8,11 V7 a4,4 0 0 1 8,0 V11 M12,15 V17",
  key: "M8,12 a4,4 0 1 0 0.01,0 M11,13 L20,4 M16,8 L19,11 M19,5 L21,7",
  log: "M4,3 H20 V21 H4 Z M8,8 H16 M8,12 H16 M8,16 H13",
  alarm: "M6,17 C8,14 6,10 8,7 a5,5 0 0 1 8,0 C18,10 16,14 18,17 Z M10,20 H14 M12,2 V4",
  message: "M3,5 H21 V19 H3 Z M3,6 L12,13 L21,6",
  backup: "M3,4 H21 V9 H3 Z M5,9 V20 H19 V9 M10,13 H14",
};
