package fsbox

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"syscall"
)

// Errno is a POSIX error condition. Its numbers are those of WASI preview 1's errno (alphabetical by POSIX name), so that the host
// functions need no second table; 0 is success and never travels as an error.
type Errno uint16

// The error conditions, as POSIX names them, and ENOTCAPABLE, WASI's own: the descriptor lacks the right.
const (
	ESUCCESS Errno = iota
	E2BIG
	EACCES
	EADDRINUSE
	EADDRNOTAVAIL
	EAFNOSUPPORT
	EAGAIN
	EALREADY
	EBADF
	EBADMSG
	EBUSY
	ECANCELED
	ECHILD
	ECONNABORTED
	ECONNREFUSED
	ECONNRESET
	EDEADLK
	EDESTADDRREQ
	EDOM
	EDQUOT
	EEXIST
	EFAULT
	EFBIG
	EHOSTUNREACH
	EIDRM
	EILSEQ
	EINPROGRESS
	EINTR
	EINVAL
	EIO
	EISCONN
	EISDIR
	ELOOP
	EMFILE
	EMLINK
	EMSGSIZE
	EMULTIHOP
	ENAMETOOLONG
	ENETDOWN
	ENETRESET
	ENETUNREACH
	ENFILE
	ENOBUFS
	ENODEV
	ENOENT
	ENOEXEC
	ENOLCK
	ENOLINK
	ENOMEM
	ENOMSG
	ENOPROTOOPT
	ENOSPC
	ENOSYS
	ENOTCONN
	ENOTDIR
	ENOTEMPTY
	ENOTRECOVERABLE
	ENOTSOCK
	ENOTSUP
	ENOTTY
	ENXIO
	EOVERFLOW
	EOWNERDEAD
	EPERM
	EPIPE
	EPROTO
	EPROTONOSUPPORT
	EPROTOTYPE
	ERANGE
	EROFS
	ESPIPE
	ESRCH
	ESTALE
	ETIMEDOUT
	ETXTBSY
	EXDEV
	ENOTCAPABLE
)

// errnoTexts are the messages, by number.
var errnoTexts = [...]string{
	ESUCCESS:        "no error",
	E2BIG:           "argument list too long",
	EACCES:          "permission denied",
	EADDRINUSE:      "address in use",
	EADDRNOTAVAIL:   "address not available",
	EAFNOSUPPORT:    "address family not supported",
	EAGAIN:          "resource unavailable, try again",
	EALREADY:        "connection already in progress",
	EBADF:           "bad file descriptor",
	EBADMSG:         "bad message",
	EBUSY:           "device or resource busy",
	ECANCELED:       "operation canceled",
	ECHILD:          "no child processes",
	ECONNABORTED:    "connection aborted",
	ECONNREFUSED:    "connection refused",
	ECONNRESET:      "connection reset",
	EDEADLK:         "resource deadlock would occur",
	EDESTADDRREQ:    "destination address required",
	EDOM:            "argument out of domain",
	EDQUOT:          "disk quota exceeded",
	EEXIST:          "file exists",
	EFAULT:          "bad address",
	EFBIG:           "file too large",
	EHOSTUNREACH:    "host is unreachable",
	EIDRM:           "identifier removed",
	EILSEQ:          "illegal byte sequence",
	EINPROGRESS:     "operation in progress",
	EINTR:           "interrupted function",
	EINVAL:          "invalid argument",
	EIO:             "input/output error",
	EISCONN:         "socket is connected",
	EISDIR:          "is a directory",
	ELOOP:           "too many levels of symbolic links",
	EMFILE:          "file descriptor table full",
	EMLINK:          "too many links",
	EMSGSIZE:        "message too large",
	EMULTIHOP:       "multihop attempted",
	ENAMETOOLONG:    "file name too long",
	ENETDOWN:        "network is down",
	ENETRESET:       "connection aborted by network",
	ENETUNREACH:     "network unreachable",
	ENFILE:          "too many files open in system",
	ENOBUFS:         "no buffer space available",
	ENODEV:          "no such device",
	ENOENT:          "no such file or directory",
	ENOEXEC:         "executable file format error",
	ENOLCK:          "no locks available",
	ENOLINK:         "link has been severed",
	ENOMEM:          "not enough space",
	ENOMSG:          "no message of the desired type",
	ENOPROTOOPT:     "protocol not available",
	ENOSPC:          "no space left on device",
	ENOSYS:          "function not supported",
	ENOTCONN:        "socket is not connected",
	ENOTDIR:         "not a directory",
	ENOTEMPTY:       "directory not empty",
	ENOTRECOVERABLE: "state not recoverable",
	ENOTSOCK:        "not a socket",
	ENOTSUP:         "not supported",
	ENOTTY:          "inappropriate I/O control operation",
	ENXIO:           "no such device or address",
	EOVERFLOW:       "value too large to be stored in data type",
	EOWNERDEAD:      "previous owner died",
	EPERM:           "operation not permitted",
	EPIPE:           "broken pipe",
	EPROTO:          "protocol error",
	EPROTONOSUPPORT: "protocol not supported",
	EPROTOTYPE:      "protocol wrong type for socket",
	ERANGE:          "result too large",
	EROFS:           "read-only file system",
	ESPIPE:          "invalid seek",
	ESRCH:           "no such process",
	ESTALE:          "stale file handle",
	ETIMEDOUT:       "connection timed out",
	ETXTBSY:         "text file busy",
	EXDEV:           "cross-device link",
	ENOTCAPABLE:     "capabilities insufficient",
}

// Error is the condition in words.
func (e Errno) Error() string {
	if int(e) < len(errnoTexts) {
		return errnoTexts[e]
	}
	return "unknown error"
}

// Is makes the conditions that io/fs names match its errors under [errors.Is].
func (e Errno) Is(target error) bool {
	switch target {
	case fs.ErrNotExist:
		return e == ENOENT
	case fs.ErrExist:
		return e == EEXIST || e == ENOTEMPTY
	case fs.ErrPermission:
		return e == EACCES || e == EPERM || e == EROFS || e == ENOTCAPABLE
	case fs.ErrInvalid:
		return e == EINVAL
	case errors.ErrUnsupported:
		return e == ENOTSUP || e == ENOSYS
	}
	return false
}

// ErrnoOf is the condition that err, an error of the operating system, of os, net, io/fs or of this package, stands for: ESUCCESS for
// nil, EIO for what has no better name.
func ErrnoOf(err error) Errno {
	if err == nil {
		return ESUCCESS
	}
	var own Errno
	if errors.As(err, &own) {
		return own
	}
	var host syscall.Errno
	if errors.As(err, &host) {
		if e, ok := hostErrnos[host]; ok {
			return e
		}
	}
	for _, g := range genericErrnos {
		if errors.Is(err, g.err) {
			return g.errno
		}
	}
	return EIO
}

// hostError is err as Errno, nil for nil.
func hostError(err error) error {
	if err == nil {
		return nil
	}
	return ErrnoOf(err)
}

// genericErrnos are the errors of the standard library that carry no number of the operating system, or one that only the library knows.
var genericErrnos = []struct {
	err   error
	errno Errno
}{
	{fs.ErrNotExist, ENOENT},
	{fs.ErrExist, EEXIST},
	{fs.ErrPermission, EACCES},
	{fs.ErrInvalid, EINVAL},
	{fs.ErrClosed, EBADF},
	{net.ErrClosed, EBADF},
	{os.ErrDeadlineExceeded, ETIMEDOUT},
	{context.Canceled, ECANCELED},
	{context.DeadlineExceeded, ECANCELED},
	{io.ErrClosedPipe, EPIPE},
	{errors.ErrUnsupported, ENOTSUP},
}
