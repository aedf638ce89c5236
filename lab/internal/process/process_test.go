package process_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"talos-cluster/lab/internal/process"
)

const parentVariable = "PROCESS_TEST_PARENT"

// TestMain plays the parent that is killed, when the test below asks for it.
func TestMain(main *testing.M) {
	if os.Getenv(parentVariable) == "" {
		os.Exit(main.Run())
	}

	child, err := process.Start(process.Options{Path: "/bin/sleep", Arguments: []string{"60"}})
	if err != nil {
		panic(err)
	}

	fmt.Println(child.PID())
	select {}
}

type lines struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (log *lines) Write(data []byte) (int, error) {
	log.mutex.Lock()
	defer log.mutex.Unlock()

	return log.buffer.Write(data)
}

func (log *lines) count(text string) int {
	log.mutex.Lock()
	defer log.mutex.Unlock()

	return strings.Count(log.buffer.String(), text)
}

func eventually(test *testing.T, what string, condition func() bool) {
	test.Helper()

	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if condition() {
			return
		}
	}

	test.Fatalf("not in 10 s: %s", what)
}

func gone(pid int) bool { return syscall.Kill(pid, 0) != nil }

func TestProgramThatEndsIsStartedAgain(test *testing.T) {
	log := &lines{}

	child, err := process.Start(process.Options{Path: "/bin/sh", Arguments: []string{"-c", "echo started; exit 3"}, Log: log})
	if err != nil {
		test.Fatal(err)
	}

	eventually(test, "started twice", func() bool { return log.count("started") >= 2 })
	child.Stop()

	if child.LastError() == nil || log.count("exit status 3") == 0 {
		test.Fatalf("how it ended is not told: %v", child.LastError())
	}

	starts := log.count("started")

	time.Sleep(1200 * time.Millisecond)

	if log.count("started") != starts {
		test.Fatal("started again after Stop")
	}
}

func TestStopKillsWhatDoesNotListen(test *testing.T) {
	log := &lines{}

	child, err := process.Start(process.Options{
		Path:        "/bin/sh",
		Arguments:   []string{"-c", "trap 'echo no' TERM; echo started; while :; do sleep 0.1; done"},
		Environment: os.Environ(),
		Log:         log,
	})
	if err != nil {
		test.Fatal(err)
	}

	eventually(test, "it runs", func() bool { return log.count("started") == 1 })

	pid := child.PID()
	child.Stop()
	child.Kill()

	if !gone(pid) || child.PID() != 0 || log.count("no") != 1 {
		test.Fatalf("process %d is left, or was not asked first", pid)
	}
}

func TestMissingProgram(test *testing.T) {
	if _, err := process.Start(process.Options{Path: "/nowhere/etcd"}); err == nil || !strings.Contains(err.Error(), "/nowhere/etcd") {
		test.Fatalf("error: %v", err)
	}
}

func TestChildDiesWithTheLab(test *testing.T) {
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), parentVariable+"=yes")

	output, err := parent.StdoutPipe()
	if err != nil {
		test.Fatal(err)
	}

	if err := parent.Start(); err != nil {
		test.Fatal(err)
	}

	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		test.Fatal(err)
	}

	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || gone(pid) {
		test.Fatalf("child %q: %v", line, err)
	}

	_ = parent.Process.Kill()
	_ = parent.Wait()

	eventually(test, "the child is gone", func() bool { return gone(pid) || zombie(pid) })
}

// zombie: the child's new parent may take its time to collect it.
func zombie(pid int) bool {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))

	return err != nil || strings.Contains(string(status), ") Z ")
}
