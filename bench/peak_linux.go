package main

import (
	"os"
	"os/exec"
	goruntime "runtime"
	"syscall"
)

// peakResident runs a command and returns the peak of its resident memory in
// bytes; 0 if that can't be known here.
//
// The number in the exit status would not do: a process inherits the peak of
// the one that started it. So the command is traced up to its exit, and there
// its own record is read.
func peakResident(path string, args ...string) float64 {
	goruntime.LockOSThread() // the tracer is a thread
	defer goruntime.UnlockOSThread()
	cmd := exec.Command(path, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	if cmd.Start() != nil {
		return 0
	}
	defer cmd.Process.Release()
	pid := cmd.Process.Pid
	peak, signal := 0.0, 0
	for first := true; ; first = false {
		var status syscall.WaitStatus
		if _, err := syscall.Wait4(pid, &status, 0, nil); err != nil || status.Exited() || status.Signaled() {
			return peak
		}
		switch {
		case first: // the stop after exec
			if syscall.PtraceSetOptions(pid, syscall.PTRACE_O_TRACEEXIT) != nil {
				cmd.Process.Signal(os.Kill)
			}
			signal = 0
		case status.TrapCause() == syscall.PTRACE_EVENT_EXIT:
			peak = memoryStatus(pid, "VmHWM")
			signal = 0
		default: // a signal on its way to the command
			signal = int(status.StopSignal())
		}
		if syscall.PtraceCont(pid, signal) != nil {
			return peak
		}
	}
}
