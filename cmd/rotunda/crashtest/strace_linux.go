package crashtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// straceArgs are the arguments with which strace runs a command so that ReadTrace can read what it writes to log.
func straceArgs(log string, command ...string) []string {
	return append([]string{"-f", "-qq", "-y", "-xx", "-s", "1000000", "-e", "signal=none",
		"-e", "trace=pwrite64,fdatasync,fsync,ftruncate,write", "-o", log, "--"}, command...)
}

// Strace is a command under strace, not yet started. strace is the parent of the server, so that no right to
// trace other processes is needed. It fails when strace is not installed.
func Strace(log string, command ...string) (*exec.Cmd, error) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		return nil, errors.New("strace is missing: make deps installs it")
	}
	return exec.Command(strace, straceArgs(log, command...)...), nil
}

// EndTraced kills the server that strace runs, and waits until strace has written everything down.
func EndTraced(strace *exec.Cmd) error {
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", strace.Process.Pid, strace.Process.Pid))
	if err != nil {
		return err
	}
	for _, field := range strings.Fields(string(children)) {
		pid, err := strconv.Atoi(field)
		if err != nil {
			return err
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			return err
		}
	}
	// strace ends as the server did: by a signal.
	if err := strace.Wait(); err != nil && strace.ProcessState == nil {
		return err
	}
	return nil
}
