package spec

import (
	"fmt"
	"io"

	"github.com/wamr-go/wamr"
)

// defineSpectest defines the host module "spectest" of the suite.
func defineSpectest(ln *wamr.Linker, st *wamr.Store, out io.Writer) error {
	if out == nil {
		out = io.Discard
	}
	const m = "spectest"
	wamr.DefineVoid0(ln, m, "print", func() { fmt.Fprintln(out) })
	wamr.DefineVoid1(ln, m, "print_i32", func(x int32) { fmt.Fprintf(out, "%d : i32\n", x) })
	wamr.DefineVoid1(ln, m, "print_i64", func(x int64) { fmt.Fprintf(out, "%d : i64\n", x) })
	wamr.DefineVoid1(ln, m, "print_f32", func(x float32) { fmt.Fprintf(out, "%v : f32\n", x) })
	wamr.DefineVoid1(ln, m, "print_f64", func(x float64) { fmt.Fprintf(out, "%v : f64\n", x) })
	wamr.DefineVoid2(ln, m, "print_i32_f32", func(x int32, y float32) { fmt.Fprintf(out, "%d : i32\n%v : f32\n", x, y) })
	wamr.DefineVoid2(ln, m, "print_f64_f64", func(x, y float64) { fmt.Fprintf(out, "%v : f64\n%v : f64\n", x, y) })

	for name, v := range map[string]wamr.Value{
		"global_i32": wamr.I32(666), "global_i64": wamr.I64(666), "global_f32": wamr.F32(666.6), "global_f64": wamr.F64(666.6),
	} {
		g, err := st.NewGlobal(v, false)
		if err != nil {
			return err
		}
		ln.Global(m, name, g)
	}
	for name, addr64 := range map[string]bool{"table": false, "table64": true} {
		t, err := st.NewTable(wamr.TableType{
			Limits: wamr.SizeLimits{Min: 10, Max: 20, HasMax: true, Addr64: addr64}, Elem: wamr.TypeFuncRef,
		})
		if err != nil {
			return err
		}
		ln.Table(m, name, t)
	}
	for name, shared := range map[string]bool{"memory": false, "shared_memory": true} {
		mem, err := st.NewMemory(wamr.MemoryType{
			Limits: wamr.SizeLimits{Min: 1, Max: 2, HasMax: true}, Shared: shared, PageSizeLog2: 16,
		})
		if err != nil {
			return err
		}
		ln.Memory(m, name, mem)
	}
	return ln.Err()
}
