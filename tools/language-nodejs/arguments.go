package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// runArguments is the command line of the SDK's `cmd/run`, which loads the program and connects it to the engine.
func runArguments(req *pulumirpc.RunRequest, runPath, engineAddress, tracing string) []string {
	arguments := []string{runPath}
	add := func(flag, value string) {
		if value != "" {
			arguments = append(arguments, "--"+flag, value)
		}
	}

	add("monitor", req.GetMonitorAddress())
	add("engine", engineAddress)
	add("organization", req.GetOrganization())
	add("project", req.GetProject())
	add("root-directory", req.GetInfo().GetRootDirectory())
	add("stack", req.GetStack())
	add("pwd", req.GetInfo().GetProgramDirectory())
	if req.GetDryRun() {
		arguments = append(arguments, "--dry-run")
	}
	add("parallel", strconv.Itoa(int(req.GetParallel())))
	add("tracing", tracing)

	entry := req.GetInfo().GetEntryPoint()
	if entry == "" {
		entry = "."
	}
	return append(append(arguments, entry), req.GetArgs()...)
}

// runEnvironment adds to this process's environment what the SDK reads its stack configuration and options from.
func runEnvironment(req *pulumirpc.RunRequest, opts options) ([]string, error) {
	config, err := configJSON(req.GetConfig())
	if err != nil {
		return nil, err
	}
	secretKeys := req.GetConfigSecretKeys()
	if secretKeys == nil {
		secretKeys = []string{}
	}
	secrets, err := json.Marshal(secretKeys)
	if err != nil {
		return nil, err
	}

	environment := append(os.Environ(), "PULUMI_CONFIG="+config, "PULUMI_CONFIG_SECRET_KEYS="+string(secrets))
	if opts.typescript {
		environment = append(environment, "PULUMI_NODEJS_TYPESCRIPT=true")
	}
	if opts.tsconfig != "" {
		environment = append(environment, "PULUMI_NODEJS_TSCONFIG_PATH="+opts.tsconfig)
	}
	return environment, nil
}

// configJSON writes stack configuration with `<namespace>:config:<name>` keys, the one form every SDK version reads.
func configJSON(config map[string]string) (string, error) {
	keys := make(map[string]string, len(config))
	for key, value := range config {
		namespace, name, found := strings.Cut(key, ":")
		if !found {
			return "", fmt.Errorf("config key %q has no namespace. Write it as <project>:%s", key, key)
		}
		keys[namespace+":config:"+strings.TrimPrefix(name, "config:")] = value
	}
	encoded, err := json.Marshal(keys)
	return string(encoded), err
}

// findRunScript finds the SDK's `cmd/run` as Node would: in node_modules of the program's directory or of one above.
func findRunScript(programDirectory string) (string, error) {
	if path := os.Getenv("PULUMI_LANGUAGE_NODEJS_RUN_PATH"); path != "" {
		return path, nil
	}
	for directory := programDirectory; ; directory = filepath.Dir(directory) {
		path := filepath.Join(directory, "node_modules", "@pulumi", "pulumi", "cmd", "run", "index.js")
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
		if directory == filepath.Dir(directory) {
			return "", fmt.Errorf("%s: no @pulumi/pulumi in its node_modules. Run `npm ci` there, then try again",
				programDirectory)
		}
	}
}
