// Command pulumi-language-nodejs is a small Node.js language host for the Pulumi CLI.
//
// It stands in where the official host cannot be had as a Go module in a version that fits the CLI. It serves what a
// program needs (run it, list its plugins, install its dependencies) and leaves code generation and plugins written
// in Node.js out. No monitor proxy sits between program and engine: the last official host published as a module
// has one that predates resource hooks and refuses them.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// version is the SDK version this host was written against.
const version = "v3.259.0"

// stopGrace is how long open calls may take to end after the engine asks the host to stop.
// The engine itself waits five seconds before it kills the whole process group.
const stopGrace = 3 * time.Second

func main() {
	tracing := flag.String("tracing", "", "address to send traces to")
	showVersion := flag.Bool("version", false, "print the version and exit")
	flag.Parse()

	if *showVersion {
		fmt.Println(version)
		return
	}

	if err := serve(newHost(flag.Arg(0), *tracing)); err != nil {
		fmt.Fprintf(os.Stderr, "pulumi-language-nodejs: %v\n", err)
		os.Exit(1)
	}
}

// serve answers the engine until it is told to stop or the engine is gone.
func serve(h *host) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	ctx, orphaned := context.WithCancel(ctx)
	defer orphaned()
	go watchParent(ctx, orphaned)

	var server *grpc.Server
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(s *grpc.Server) error {
			server = s
			pulumirpc.RegisterLanguageRuntimeServer(s, h)
			return nil
		},
	})
	if err != nil {
		return err
	}

	// The engine reads the port from the first line of output.
	fmt.Printf("%d\n", handle.Port)

	select {
	case err := <-handle.Done:
		return err
	case <-ctx.Done():
	}

	h.cancel()
	timer := time.AfterFunc(stopGrace, server.Stop)
	defer timer.Stop()
	server.GracefulStop()
	return <-handle.Done
}
