package local

import "github.com/pulumi/pulumi-go-provider/infer"

// Logging says which streams are shown while a command runs. What is kept as an output does not depend on it.
type Logging string

// The values Logging takes; without one, both streams are shown.
const (
	Stdout          Logging = "stdout"
	Stderr          Logging = "stderr"
	StdoutAndStderr Logging = "stdoutAndStderr"
	None            Logging = "none"
)

// Values lists what the schema allows.
func (Logging) Values() []infer.EnumValue[Logging] {
	return []infer.EnumValue[Logging]{
		{Name: string(Stdout), Value: Stdout},
		{Name: string(Stderr), Value: Stderr},
		{Name: string(StdoutAndStderr), Value: StdoutAndStderr},
		{Name: string(None), Value: None},
	}
}

func (logging *Logging) shows(stream Logging) bool {
	return logging == nil || *logging == StdoutAndStderr || *logging == stream
}
