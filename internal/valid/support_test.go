package valid_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/wamr-go/wamr/internal/text"
	"github.com/wamr-go/wamr/internal/valid"
	"github.com/wamr-go/wamr/internal/wasm"
	"github.com/wamr-go/wamr/internal/wasm/op"
)

// parse returns the module that src, in the text format, describes.
func parse(t testing.TB, src string) *wasm.Module {
	t.Helper()
	m, err := text.ParseModule([]byte(src), op.FeaturesAll)
	if err != nil {
		t.Fatalf("%v in %s", err, src)
	}
	return m
}

// validate checks the module that src describes.
func validate(t testing.TB, src string, features wasm.Feature) (*valid.Info, error) {
	t.Helper()
	return valid.Module(context.Background(), parse(t, src), valid.Config{Features: features})
}

// wantError checks that err begins with want, its offset and function left out;
// an empty want stands for no error.
func wantError(t testing.TB, what string, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("%s: %v", what, err)
	case want != "" && err == nil:
		t.Errorf("%s: accepted, want %q", what, want)
	case want != "" && !strings.HasPrefix(message(err), want):
		t.Errorf("%s: got %q, want %q", what, message(err), want)
	}
}

// wantLimit checks that err is the LimitError with the given name.
func wantLimit(t testing.TB, what string, err error, name string) {
	t.Helper()
	var l *wasm.LimitError
	if !errors.As(err, &l) || l.Name != name {
		t.Errorf("%s: got %v, want the limit on %s", what, err, name)
	}
}

// trace is a visitor that writes down what it is shown.
type trace struct {
	lines []string
	show  func(in *valid.Instr) string
}

func (v *trace) Visit(in *valid.Instr) error {
	v.lines = append(v.lines, v.show(in))
	return nil
}

// everything describes all fields that have a meaning for the instruction.
func everything(in *valid.Instr) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%#x %s depth %d height %d", uint32(in.Offset), in.Info.Name, in.Depth, in.Height)
	if in.Op != in.Info.Code {
		fmt.Fprintf(&b, " row of %v", in.Info.Code)
	}
	switch in.Info.Imm {
	case op.ImmNone, op.ImmBrTable, op.ImmHeapType, op.ImmValTypes, op.ImmLane, op.ImmV128, op.ImmShuffle:
	case op.ImmI32, op.ImmI64, op.ImmF32, op.ImmF64:
		fmt.Fprintf(&b, " val %#x", in.Val)
	case op.ImmMemarg:
		fmt.Fprintf(&b, " memory %d align %d offset %#x", in.X, in.Align, in.Val)
	case op.ImmBlockType, op.ImmTryTable:
		fmt.Fprintf(&b, " block %v", in.Block)
	default:
		fmt.Fprintf(&b, " x %d", in.X)
	}
	switch in.Info.Class {
	case op.ClassParametric, op.ClassVariable, op.ClassTable, op.ClassReference, op.ClassAggregate:
		fmt.Fprintf(&b, " type %v", in.Type)
	case op.ClassLoad, op.ClassStore:
		fmt.Fprintf(&b, " address %v", in.AddrType)
	}
	switch in.Op {
	case op.If, op.BrIf:
		fmt.Fprintf(&b, " hint %d", in.Hint)
	case op.End, op.Else, op.Catch, op.CatchAll, op.Delegate:
		fmt.Fprintf(&b, " frame %d unreachable %v", in.Frame, in.Unreachable)
	}
	switch in.Op {
	case op.If, op.Block, op.Loop, op.TryTable, op.Try, op.End, op.Else, op.Call, op.CallIndirect, op.CallRef, op.Throw:
		fmt.Fprintf(&b, " func %v", in.Func)
	}
	return b.String()
}

// walk returns what a visitor is shown of function i, and the error.
func walk(info *valid.Info, i int, show func(in *valid.Instr) string) ([]string, error) {
	v := &trace{show: show}
	err := valid.NewFunc(info).Walk(i, v)
	return v.lines, err
}
