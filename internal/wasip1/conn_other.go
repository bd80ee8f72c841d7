//go:build !unix

package wasip1

import (
	"context"
	"errors"
	"net"
)

// tryWrite would write without waiting; package net has no such thing here, so non-blocking writes wait.
func tryWrite(net.Conn, []byte) (int, error) { return 0, errors.ErrUnsupported }

// pollWrite and awaitWrite take every connection for writable, as its writes wait anyway.
func pollWrite(net.Conn) error { return nil }

func awaitWrite(context.Context, net.Conn) error { return nil }
