package wasi_test

import (
	"context"
	"testing"

	"github.com/wamr-go/wamr/wasi"
)

// callLoops are programs that call a function of WASI as often as they are told.
func init() {
	programs["loop fd_write"] = `(data (i32.const 100) "hello")
		(func (export "loop") (param $n i32)
			(i32.store (i32.const 0) (i32.const 100))
			(i32.store (i32.const 4) (i32.const 5))
			(loop $again
				(drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
				(br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))`
}

func BenchmarkFdWrite(b *testing.B) {
	inst := newInstance(b, "loop fd_write", wasi.Config{})
	b.ReportAllocs()
	f := inst.Func("loop")
	if err := f.CallRaw(context.Background(), []uint64{uint64(b.N)}); err != nil {
		b.Fatal(err)
	}
}
