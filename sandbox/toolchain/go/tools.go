//go:build tools

// Package tools names the command this module exists to build, so that go.sum pins all that it needs.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
