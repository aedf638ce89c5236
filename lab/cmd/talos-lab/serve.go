package main

import (
	"context"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"talos-cluster/lab/internal/control"
	"talos-cluster/lab/internal/fleet"
	"talos-cluster/lab/internal/profile"
)

const (
	startTimeout = 30 * time.Second
	stopTimeout  = 15 * time.Second
)

func parse(arguments []string) (fleet.Options, error) {
	options := fleet.Options{Log: os.Stderr}
	flags := flag.NewFlagSet("talos-lab serve", flag.ContinueOnError)

	flags.StringVar(&options.Directory, "directory", "", "where the lab keeps its machines' disks and its control socket")
	endpoint := flags.String("endpoint", "", "address of the Kubernetes endpoint in front of all controllers")
	machines := flags.String("machines", "", "addresses of the machines, separated by commas")
	boot := flags.String("boot", "v1.13.0", "Talos version of the medium the machines boot")
	flags.StringVar(&options.Programs.Etcd, "etcd", "etcd", "etcd program")
	flags.StringVar(&options.Programs.APIServer, "kube-apiserver", "kube-apiserver", "kube-apiserver program")
	flags.BoolVar(&options.RequireCNI, "require-cni", false,
		"Nodes whose config has no CNI stay NotReady, as on real machines before somebody installed one")
	flags.DurationVar(&options.Timing.Install, "install-time", time.Second, "how long an installation takes")
	flags.DurationVar(&options.Timing.Reboot, "reboot-time", 1500*time.Millisecond, "how long a machine is away for a reboot")
	flags.DurationVar(&options.Timing.ServiceStart, "service-start-time", 50*time.Millisecond, "how long a service takes to be healthy")
	flags.DurationVar(&options.Timing.APIRestart, "api-restart-time", 300*time.Millisecond,
		"how long the API is away after the first apply")
	flags.DurationVar(&options.Timing.StaticPods, "static-pods-time", 500*time.Millisecond,
		"how long a controller takes from a healthy etcd to its static pods")
	flags.DurationVar(&options.Timing.StaticPodChange, "static-pod-change-time", time.Second,
		"how long static pods go on as they were when their definition changed")
	flags.DurationVar(&options.Timing.FailurePause, "failure-pause", 5*time.Second,
		"how long a machine waits before it restarts after a failed sequence")

	if err := flags.Parse(arguments); err != nil {
		return options, err
	}

	if options.Directory == "" {
		return options, fmt.Errorf("--directory: missing. Name a folder for the lab, it is made when it does not exist")
	}

	var err error

	if options.Directory, err = filepath.Abs(options.Directory); err != nil {
		return options, err
	}

	if options.Boot, err = profile.Parse(*boot); err != nil {
		return options, fmt.Errorf("--boot: %w", err)
	}

	if *endpoint != "" {
		if options.Endpoint, err = loopback("--endpoint", *endpoint); err != nil {
			return options, err
		}
	}

	for text := range strings.SplitSeq(*machines, ",") {
		address, err := loopback("--machines", text)
		if err != nil {
			return options, err
		}

		options.Machines = append(options.Machines, address)
	}

	return options, nil
}

// loopback keeps the lab on this machine: what it serves is not meant for a network.
func loopback(name, text string) (netip.Addr, error) {
	address, err := netip.ParseAddr(text)
	if err != nil || !address.Is4() || !address.IsLoopback() {
		return address, fmt.Errorf("%s: %q is not an address of 127.0.0.0/8", name, text)
	}

	return address, nil
}

func serve(ctx context.Context, options fleet.Options) error {
	if err := os.MkdirAll(options.Directory, 0o700); err != nil {
		return err
	}

	lab, err := fleet.New(options)
	if err != nil {
		return err
	}

	if err := lab.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}

	defer func() {
		stopping, cancel := context.WithTimeout(context.Background(), stopTimeout)
		defer cancel()

		if err := lab.Stop(stopping); err != nil {
			fmt.Fprintln(os.Stderr, "talos-lab: stopping:", err)
		}
	}()

	socket := filepath.Join(options.Directory, "control.sock")
	controlled := make(chan error, 1)

	go func() { controlled <- control.Serve(ctx, socket, lab) }()

	defer os.Remove(socket) //nolint:errcheck

	starting, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()

	if err := lab.WaitAnswering(starting); err != nil {
		return err
	}

	fmt.Println("ready")

	select {
	case <-ctx.Done():
		return nil
	case err := <-controlled:
		return err
	}
}
