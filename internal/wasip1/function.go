package wasip1

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/wamr-go/wamr/internal/fsbox"
)

// Function is one host function.
type Function struct {
	Name   string
	Params string // one letter each: i for i32, I for i64
	Result string // "i", an errno, or none
	run    func(ctx context.Context, s *System, m Memory, a []uint64) error
}

// Call runs the function for a program of system s with memory m. The arguments a are as Params says, i32 in the low half. An error that
// is not nil ends the program: [*ExitError] from proc_exit and proc_raise, or the cause that ctx ended with. Otherwise the Errno is the
// result.
func (f *Function) Call(ctx context.Context, s *System, m Memory, a []uint64) (Errno, error) {
	if len(a) < len(f.Params) {
		return fsbox.EINVAL, nil
	}
	err := f.run(ctx, s, m, a)
	if err == nil {
		return fsbox.ESUCCESS, nil
	}
	if e, ok := err.(Errno); ok {
		return e, nil
	}
	var exit *ExitError
	if errors.As(err, &exit) {
		return fsbox.ESUCCESS, exit
	}
	if ctx.Err() != nil {
		return fsbox.ESUCCESS, context.Cause(ctx)
	}
	return fsbox.ErrnoOf(err), nil
}

// ExitError is how a program ends itself.
type ExitError struct {
	Code uint32 // as passed to proc_exit, or 128 and the signal's number after proc_raise
}

// Error says the code.
func (e *ExitError) Error() string { return fmt.Sprintf("exit code %d", e.Code) }

// Module is the name under which programs import Functions; ModuleUnstable is that of the predecessor, FunctionsUnstable.
const (
	Module         = "wasi_snapshot_preview1"
	ModuleUnstable = "wasi_unstable"
)

// Functions are the functions of wasi_snapshot_preview1.
var Functions = []Function{
	{"args_get", "ii", "i", argsGet},
	{"args_sizes_get", "ii", "i", argsSizesGet},
	{"environ_get", "ii", "i", environGet},
	{"environ_sizes_get", "ii", "i", environSizesGet},
	{"clock_res_get", "ii", "i", clockResGet},
	{"clock_time_get", "iIi", "i", clockTimeGet},
	{"fd_advise", "iIIi", "i", fdAdvise},
	{"fd_allocate", "iII", "i", fdAllocate},
	{"fd_close", "i", "i", fdClose},
	{"fd_datasync", "i", "i", fdDatasync},
	{"fd_fdstat_get", "ii", "i", fdFdstatGet},
	{"fd_fdstat_set_flags", "ii", "i", fdFdstatSetFlags},
	{"fd_fdstat_set_rights", "iII", "i", fdFdstatSetRights},
	{"fd_filestat_get", "ii", "i", fdFilestatGet(&filestatV1)},
	{"fd_filestat_set_size", "iI", "i", fdFilestatSetSize},
	{"fd_filestat_set_times", "iIIi", "i", fdFilestatSetTimes},
	{"fd_pread", "iiiIi", "i", fdPread},
	{"fd_prestat_get", "ii", "i", fdPrestatGet},
	{"fd_prestat_dir_name", "iii", "i", fdPrestatDirName},
	{"fd_pwrite", "iiiIi", "i", fdPwrite},
	{"fd_read", "iiii", "i", fdRead},
	{"fd_readdir", "iiiIi", "i", fdReaddir},
	{"fd_renumber", "ii", "i", fdRenumber},
	{"fd_seek", "iIii", "i", fdSeek([3]int{whenceSet, whenceCur, whenceEnd})},
	{"fd_sync", "i", "i", fdSync},
	{"fd_tell", "ii", "i", fdTell},
	{"fd_write", "iiii", "i", fdWrite},
	{"path_create_directory", "iii", "i", pathCreateDirectory},
	{"path_filestat_get", "iiiii", "i", pathFilestatGet(&filestatV1)},
	{"path_filestat_set_times", "iiiiIIi", "i", pathFilestatSetTimes},
	{"path_link", "iiiiiii", "i", pathLink},
	{"path_open", "iiiiiIIii", "i", pathOpen},
	{"path_readlink", "iiiiii", "i", pathReadlink},
	{"path_remove_directory", "iii", "i", pathRemoveDirectory},
	{"path_rename", "iiiiii", "i", pathRename},
	{"path_symlink", "iiiii", "i", pathSymlink},
	{"path_unlink_file", "iii", "i", pathUnlinkFile},
	{"poll_oneoff", "iiii", "i", pollOneoff(&subscriptionV1)},
	{"proc_exit", "i", "", procExit},
	{"proc_raise", "i", "i", procRaise},
	{"sched_yield", "", "i", schedYield},
	{"random_get", "ii", "i", randomGet},
	{"sock_accept", "iii", "i", sockAccept},
	{"sock_recv", "iiiiii", "i", sockRecv},
	{"sock_send", "iiiii", "i", sockSend},
	{"sock_shutdown", "ii", "i", sockShutdown},
}

// FunctionsUnstable are the functions of wasi_unstable: the same, but for the two structures and the order of fd_seek's whence (current,
// end, start) that were different then.
var FunctionsUnstable = func() []Function {
	table := slices.Clone(Functions)
	for i := range table {
		switch f := &table[i]; f.Name {
		case "fd_filestat_get":
			f.run = fdFilestatGet(&filestatV0)
		case "path_filestat_get":
			f.run = pathFilestatGet(&filestatV0)
		case "poll_oneoff":
			f.run = pollOneoff(&subscriptionV0)
		case "fd_seek":
			f.run = fdSeek([3]int{whenceCur, whenceEnd, whenceSet})
		}
	}
	return table
}()
