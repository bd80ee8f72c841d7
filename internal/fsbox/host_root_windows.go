package fsbox

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// fillSystemStat adds what the directory entry tells.
func fillSystemStat(st *Stat, fi fs.FileInfo) {
	if d, ok := fi.Sys().(*syscall.Win32FileAttributeData); ok {
		st.Atim = d.LastAccessTime.Nanoseconds()
		st.Mtim = d.LastWriteTime.Nanoseconds()
		st.Ctim = st.Mtim
	}
}

// fillIdentity adds what only an open file tells.
func fillIdentity(st *Stat, f *os.File) {
	raw, err := f.SyscallConn()
	if err != nil {
		return
	}
	raw.Control(func(h uintptr) {
		var d syscall.ByHandleFileInformation
		if syscall.GetFileInformationByHandle(syscall.Handle(h), &d) != nil {
			return
		}
		st.Dev = uint64(d.VolumeSerialNumber)
		st.Ino = uint64(d.FileIndexHigh)<<32 | uint64(d.FileIndexLow)
		st.Nlink = uint64(d.NumberOfLinks)
		st.Atim = d.LastAccessTime.Nanoseconds()
		st.Mtim = d.LastWriteTime.Nanoseconds()
		st.Ctim = st.Mtim
	})
}

// setOpenTimes sets the times of an open file. Windows wants it to be open for writing.
func setOpenTimes(f *os.File, t Times) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var atim, mtim *syscall.Filetime
	if t.Atim.Set {
		v := syscall.NsecToFiletime(t.Atim.Nsec)
		atim = &v
	}
	if t.Mtim.Set {
		v := syscall.NsecToFiletime(t.Mtim.Nsec)
		mtim = &v
	}
	cerr := raw.Control(func(h uintptr) { err = syscall.SetFileTime(syscall.Handle(h), nil, atim, mtim) })
	if cerr != nil {
		return cerr
	}
	return err
}

// slashTarget is a link's target in the guest's notation, hostTarget in the host's. A target with a drive or a UNC name becomes an absolute
// one, which the walker refuses.
func slashTarget(target string) string {
	if filepath.VolumeName(target) != "" || filepath.IsAbs(target) {
		return "/" + filepath.ToSlash(target)
	}
	return filepath.ToSlash(target)
}

func hostTarget(target string) string { return filepath.FromSlash(target) }
