//go:build unix

package fsbox

import "golang.org/x/sys/unix"

// hostErrnos translates the system's numbers. Where a system has two names for one number the later row wins, and both mean the same.
var hostErrnos = map[unix.Errno]Errno{}

func init() {
	for _, row := range []struct {
		host unix.Errno
		own  Errno
	}{
		{unix.E2BIG, E2BIG},
		{unix.EACCES, EACCES},
		{unix.EADDRINUSE, EADDRINUSE},
		{unix.EADDRNOTAVAIL, EADDRNOTAVAIL},
		{unix.EAFNOSUPPORT, EAFNOSUPPORT},
		{unix.EAGAIN, EAGAIN},
		{unix.EALREADY, EALREADY},
		{unix.EBADF, EBADF},
		{unix.EBADMSG, EBADMSG},
		{unix.EBUSY, EBUSY},
		{unix.ECANCELED, ECANCELED},
		{unix.ECHILD, ECHILD},
		{unix.ECONNABORTED, ECONNABORTED},
		{unix.ECONNREFUSED, ECONNREFUSED},
		{unix.ECONNRESET, ECONNRESET},
		{unix.EDEADLK, EDEADLK},
		{unix.EDESTADDRREQ, EDESTADDRREQ},
		{unix.EDOM, EDOM},
		{unix.EDQUOT, EDQUOT},
		{unix.EEXIST, EEXIST},
		{unix.EFAULT, EFAULT},
		{unix.EFBIG, EFBIG},
		{unix.EHOSTUNREACH, EHOSTUNREACH},
		{unix.EIDRM, EIDRM},
		{unix.EILSEQ, EILSEQ},
		{unix.EINPROGRESS, EINPROGRESS},
		{unix.EINTR, EINTR},
		{unix.EINVAL, EINVAL},
		{unix.EIO, EIO},
		{unix.EISCONN, EISCONN},
		{unix.EISDIR, EISDIR},
		{unix.ELOOP, ELOOP},
		{unix.EMFILE, EMFILE},
		{unix.EMLINK, EMLINK},
		{unix.EMSGSIZE, EMSGSIZE},
		{unix.ENAMETOOLONG, ENAMETOOLONG},
		{unix.ENETDOWN, ENETDOWN},
		{unix.ENETRESET, ENETRESET},
		{unix.ENETUNREACH, ENETUNREACH},
		{unix.ENFILE, ENFILE},
		{unix.ENOBUFS, ENOBUFS},
		{unix.ENODEV, ENODEV},
		{unix.ENOENT, ENOENT},
		{unix.ENOEXEC, ENOEXEC},
		{unix.ENOLCK, ENOLCK},
		{unix.ENOMEM, ENOMEM},
		{unix.ENOMSG, ENOMSG},
		{unix.ENOPROTOOPT, ENOPROTOOPT},
		{unix.ENOSPC, ENOSPC},
		{unix.ENOSYS, ENOSYS},
		{unix.ENOTCONN, ENOTCONN},
		{unix.ENOTDIR, ENOTDIR},
		{unix.ENOTEMPTY, ENOTEMPTY},
		{unix.ENOTSOCK, ENOTSOCK},
		{unix.ENOTSUP, ENOTSUP},
		{unix.ENOTTY, ENOTTY},
		{unix.ENXIO, ENXIO},
		{unix.EOVERFLOW, EOVERFLOW},
		{unix.EPERM, EPERM},
		{unix.EPIPE, EPIPE},
		{unix.EPROTO, EPROTO},
		{unix.EPROTONOSUPPORT, EPROTONOSUPPORT},
		{unix.EPROTOTYPE, EPROTOTYPE},
		{unix.ERANGE, ERANGE},
		{unix.EROFS, EROFS},
		{unix.ESPIPE, ESPIPE},
		{unix.ESRCH, ESRCH},
		{unix.ESTALE, ESTALE},
		{unix.ETIMEDOUT, ETIMEDOUT},
		{unix.ETXTBSY, ETXTBSY},
		{unix.EXDEV, EXDEV},
		{unix.EOPNOTSUPP, ENOTSUP},
		{unix.EWOULDBLOCK, EAGAIN},
		{unix.ESHUTDOWN, EPIPE},
		{unix.EHOSTDOWN, EHOSTUNREACH},
	} {
		hostErrnos[row.host] = row.own
	}
	for host, own := range systemErrnos {
		hostErrnos[host] = own
	}
}
