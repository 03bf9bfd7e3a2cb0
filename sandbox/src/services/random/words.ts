/** Words for pet names, short and friendly. The provider has longer lists of its own; only the shape of a name is the same. */
export const adverbs =
  "ably boldly brightly calmly clearly closely daily deeply duly early easily evenly fairly firmly fondly freely gently gladly greatly happily keenly kindly likely lively loosely merely mildly mostly neatly nicely openly partly plainly promptly purely quickly quietly rarely readily safely simply slowly smoothly softly solely steadily strongly surely swiftly truly vastly warmly wholly wisely".split(
    " ",
  );

export const adjectives =
  "able amber ample ancient apt ardent balanced bold brave bright brisk calm candid careful cheerful civil clean clear clever cosmic cozy crisp daring deep eager early easy fair fast fine firm fond frank free fresh gentle glad golden good grand happy hardy humble keen kind late light lively loyal lucky mellow merry mighty modest neat noble open patient polite proud pure quick quiet rapid ready rich robust safe sharp shy silent simple sincere smart smooth snug solid sound steady still strong sunny sure swift tender tidy tough true trusty upright vast warm wise witty worthy young".split(
    " ",
  );

export const animals =
  "alpaca ant badger bat bear beaver bee bison boar bobcat buck camel cat civet cobra cod colt condor cougar cow coyote crab crane cricket crow deer dingo dog dolphin donkey dove duck eagle eel elk emu falcon fawn ferret finch fish fly fox frog gecko gnu goat goose grouse gull hare hawk hen heron horse hound ibex jackal jay kid kite kiwi koala lamb lark lemur lion llama lynx mako marlin marmot mink mite mole monkey moose moth mouse mule newt octopus orca oryx osprey otter owl ox panda panther parrot perch pig pika piranha pony poodle puma quail rabbit raven ray robin rook salmon seal shark sheep shrew skink sloth snail snake spider squid stag stork swan tapir tiger toad trout turtle viper vole walrus wasp weasel whale wolf wombat worm wren yak zebra".split(
    " ",
  );
