module github.com/wamr-go/wamr/bench

go 1.26.0

require (
	github.com/tetratelabs/wazero v1.12.0
	github.com/wamr-go/wamr v0.0.0
	golang.org/x/sys v0.49.0
)

replace github.com/wamr-go/wamr => ../

tool github.com/tetratelabs/wazero/cmd/wazero
