package wamr

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"runtime/debug"
	"sync"

	"github.com/wamr-go/wamr/internal/vm"
	"github.com/wamr-go/wamr/internal/wasm"
)

// hostDef is a host function of a linker. It belongs to no store.
type hostDef struct {
	sig    *FuncType
	fn     vm.HostFunc
	native bool // found under its name with an underscore in front, too

	mu    sync.Mutex            // guards funcs
	funcs map[*Runtime]*vm.Func // the function in the types of each runtime
}

// instance returns the function for modules of rt.
func (d *hostDef) instance(rt *Runtime, im *wasm.Import) (*vm.Func, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f := d.funcs[rt]; f != nil {
		return f, nil
	}
	id, err := rt.types.FuncType(*d.sig)
	if err != nil {
		return nil, err
	}
	f := vm.NewHostFunc(rt.types, id, im.Module+"."+im.Name, guard(rt, d.fn))
	if d.funcs == nil {
		d.funcs = make(map[*Runtime]*vm.Func)
	}
	d.funcs[rt] = f
	return f, nil
}

// guard wraps fn so that its panics become errors if the configuration says so.
func guard(rt *Runtime, fn vm.HostFunc) vm.HostFunc {
	if !rt.cfg.RecoverHostPanics {
		return fn
	}
	return func(x *vm.Exec, slots []uint64) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = hostPanic(x, p)
			}
		}()
		return fn(x, slots)
	}
}

// hostPanic gives what a host function has passed to panic the Wasm stack. One
// that comes from further in has it already.
func hostPanic(x *vm.Exec, p any) *HostPanicError {
	if e, ok := p.(*HostPanicError); ok {
		return e
	}
	return &HostPanicError{Value: p, Stack: debug.Stack(), Frames: resolveFrames(x.Store.Engine.Backtrace(x))}
}

// Raw adds a host function that works on slots: the first hold the arguments
// and are replaced by the results, as in [Func.CallRaw]. It is the fastest way
// and the one without safety net: fn must respect the type.
func (ln *Linker) Raw(module, name string, sig *FuncType, fn func(c *Caller, slots []uint64) error) {
	if sig == nil || fn == nil {
		ln.fail(module, name, errNil)
		return
	}
	ln.define(module, name, &hostDef{sig: sig, fn: func(x *vm.Exec, slots []uint64) error {
		return fn(callerOf(x), slots)
	}})
}

// callerOf returns the Caller of the store that x belongs to.
func callerOf(x *vm.Exec) *Caller { return &x.Store.Owner.(*Store).caller }

// String is a parameter type of host functions: a pointer and a length in
// bytes, two i32 in Wasm. The host function gets a copy of the bytes.
type String string

// CString is a parameter type of host functions: a pointer to bytes that end
// with a zero, one i32 in Wasm. The host function gets a copy of the bytes.
type CString string

// Bytes is a parameter type of host functions: a pointer and a length in bytes,
// two i32 in Wasm. The slice aliases the caller's memory during the call.
type Bytes []byte

// Func adds a host function. fn may be any Go function with parameters, in this
// order:
//
//   - optionally a [context.Context]: that of the call;
//   - optionally a *[Caller];
//   - numbers: int32, uint32, int64, uint64, float32, float64, and bool (an i32);
//   - [String], [Bytes] (a pointer and a length, checked against the memory)
//     and [CString] (a pointer);
//   - any (an externref: the Go value behind it, nil for null, or a *[Ref] to
//     something of Wasm's own), *[Func] (a funcref; nil is null), [V128Bits].
//
// and with any number of results of the number types, bool, any, *Func or
// V128Bits, the last of which may be followed by an error, which traps. Types
// are examined once, here.
func (ln *Linker) Func(module, name string, fn any) {
	h, err := newReflectFunc(fn)
	if err != nil {
		ln.fail(module, name, err)
		return
	}
	ln.define(module, name, &hostDef{sig: &h.sig, fn: h.call})
}

// V128Bits is a v128 as a parameter or result of host functions: its low and
// its high half.
type V128Bits [2]uint64

// reflectFunc calls a Go function of any supported type.
type reflectFunc struct {
	fn      reflect.Value
	sig     FuncType
	params  []paramReader
	results []resultWriter
	hasErr  bool
}

// paramReader makes a Go argument from slots.
type paramReader struct {
	slots int
	read  func(c *Caller, slots []uint64) (reflect.Value, error)
}

// resultWriter writes a Go result to slots.
type resultWriter struct {
	slots int
	write func(c *Caller, v reflect.Value, slots []uint64) error
	host  bool // write makes a reference to a Go value
}

var (
	contextType = reflect.TypeFor[context.Context]()
	callerType  = reflect.TypeFor[*Caller]()
	errorType   = reflect.TypeFor[error]()
	stringType  = reflect.TypeFor[String]()
	cstringType = reflect.TypeFor[CString]()
	bytesType   = reflect.TypeFor[Bytes]()
	anyType     = reflect.TypeFor[any]()
	funcType    = reflect.TypeFor[*Func]()
	v128Type    = reflect.TypeFor[V128Bits]()
)

func newReflectFunc(fn any) (*reflectFunc, error) {
	v := reflect.ValueOf(fn)
	if v.Kind() != reflect.Func {
		return nil, fmt.Errorf("%T is not a function", fn)
	}
	if v.IsNil() {
		return nil, errNil
	}
	t := v.Type()
	if t.IsVariadic() {
		return nil, fmt.Errorf("%v is variadic", t)
	}
	h := &reflectFunc{fn: v}
	i := 0
	if i < t.NumIn() && t.In(i) == contextType {
		h.params = append(h.params, paramReader{0, func(c *Caller, _ []uint64) (reflect.Value, error) {
			return reflect.ValueOf(c.Context()), nil
		}})
		i++
	}
	if i < t.NumIn() && t.In(i) == callerType {
		h.params = append(h.params, paramReader{0, func(c *Caller, _ []uint64) (reflect.Value, error) {
			return reflect.ValueOf(c), nil
		}})
		i++
	}
	for ; i < t.NumIn(); i++ {
		r, types := readerOf(t.In(i))
		if r.read == nil {
			return nil, fmt.Errorf("parameter %d has type %v, which does not stand for a Wasm type", i, t.In(i))
		}
		h.params = append(h.params, r)
		h.sig.Params = append(h.sig.Params, types...)
	}
	n := t.NumOut()
	if n > 0 && t.Out(n-1) == errorType {
		h.hasErr = true
		n--
	}
	for i := range n {
		w, vt := writerOf(t.Out(i))
		if w.write == nil {
			return nil, fmt.Errorf("result %d has type %v, which does not stand for a Wasm type", i, t.Out(i))
		}
		h.results = append(h.results, w)
		h.sig.Results = append(h.sig.Results, vt)
	}
	return h, nil
}

func (h *reflectFunc) call(x *vm.Exec, slots []uint64) error {
	c := callerOf(x)
	var few [8]reflect.Value
	args := few[:0]
	at := 0
	for _, p := range h.params {
		v, err := p.read(c, slots[at:])
		if err != nil {
			return fmt.Errorf("argument %d: %w", len(args), err)
		}
		args = append(args, v)
		at += p.slots
	}
	out := h.fn.Call(args)
	if h.hasErr {
		last := out[len(out)-1]
		out = out[:len(out)-1]
		if !last.IsNil() {
			return last.Interface().(error)
		}
	}
	// Making a reference may collect garbage, to which those made before must
	// not fall.
	var pins pins
	defer pins.drop(c.st)
	at = 0
	for i, w := range h.results {
		if err := w.write(c, out[i], slots[at:]); err != nil {
			return fmt.Errorf("result %d: %w", i, err)
		}
		if w.host {
			pins.add(c.st, vm.Ref(slots[at]))
		}
		at += w.slots
	}
	return nil
}

// namedTypeOf returns the value type that a Go number stands for.
func namedTypeOf(zero any) ValueType { return numType(reflect.TypeOf(zero)) }

func numType(t reflect.Type) ValueType {
	switch t.Kind() {
	case reflect.Int32, reflect.Uint32, reflect.Bool:
		return wasm.I32
	case reflect.Int64, reflect.Uint64:
		return wasm.I64
	case reflect.Float32:
		return wasm.F32
	case reflect.Float64:
		return wasm.F64
	}
	return 0
}

func readerOf(t reflect.Type) (paramReader, []ValueType) {
	pointerAndLength := []ValueType{wasm.I32, wasm.I32}
	view := func(c *Caller, slots []uint64) ([]byte, error) {
		return c.View(uint64(uint32(slots[0])), uint64(uint32(slots[1])))
	}
	switch t {
	case stringType:
		return paramReader{2, func(c *Caller, slots []uint64) (reflect.Value, error) {
			b, err := view(c, slots)
			return reflect.ValueOf(String(b)), err
		}}, pointerAndLength
	case bytesType:
		return paramReader{2, func(c *Caller, slots []uint64) (reflect.Value, error) {
			b, err := view(c, slots)
			return reflect.ValueOf(Bytes(b)), err
		}}, pointerAndLength
	case cstringType:
		return paramReader{1, func(c *Caller, slots []uint64) (reflect.Value, error) {
			m := c.Memory()
			if m == nil {
				return reflect.Value{}, &RangeError{Offset: slots[0], Len: 1}
			}
			s, err := m.CString(uint64(uint32(slots[0])))
			return reflect.ValueOf(CString(s)), err
		}}, pointerAndLength[:1]
	case anyType:
		return paramReader{1, func(c *Caller, slots []uint64) (reflect.Value, error) {
			r := vm.Ref(slots[0])
			v, isHost := c.st.s.HostValue(r)
			if !isHost && r != vm.Null {
				v = c.st.wrapRef(r, wasm.ExternRef) // something of Wasm's own
			}
			if v == nil {
				return reflect.Zero(anyType), nil
			}
			return reflect.ValueOf(v), nil
		}}, []ValueType{wasm.ExternRef}
	case funcType:
		return paramReader{1, func(c *Caller, slots []uint64) (reflect.Value, error) {
			return reflect.ValueOf(c.st.get(slots, wasm.FuncRef).Func()), nil
		}}, []ValueType{wasm.FuncRef}
	case v128Type:
		return paramReader{2, func(_ *Caller, slots []uint64) (reflect.Value, error) {
			return reflect.ValueOf(V128Bits{slots[0], slots[1]}), nil
		}}, []ValueType{wasm.V128}
	}
	vt := numType(t)
	if vt == 0 {
		return paramReader{}, nil
	}
	return paramReader{1, func(_ *Caller, slots []uint64) (reflect.Value, error) {
		v := reflect.New(t).Elem()
		switch t.Kind() {
		case reflect.Bool:
			v.SetBool(uint32(slots[0]) != 0)
		case reflect.Int32:
			v.SetInt(int64(int32(slots[0])))
		case reflect.Int64:
			v.SetInt(int64(slots[0]))
		case reflect.Uint32:
			v.SetUint(uint64(uint32(slots[0])))
		case reflect.Uint64:
			v.SetUint(slots[0])
		case reflect.Float32:
			v.SetFloat(float64(math.Float32frombits(uint32(slots[0]))))
		case reflect.Float64:
			v.SetFloat(math.Float64frombits(slots[0]))
		}
		return v, nil
	}}, []ValueType{vt}
}

func writerOf(t reflect.Type) (resultWriter, ValueType) {
	switch t {
	case anyType:
		return resultWriter{slots: 1, host: true, write: func(c *Caller, v reflect.Value, slots []uint64) error {
			slots[0] = 0
			if v.IsNil() {
				return nil
			}
			if r, ok := v.Interface().(*Ref); ok {
				return c.st.put(slots, wasm.ExternRef, Value{typ: r.typ, ref: r})
			}
			return c.st.put(slots, wasm.ExternRef, ExternRef(v.Interface()))
		}}, wasm.ExternRef
	case funcType:
		return resultWriter{slots: 1, write: func(c *Caller, v reflect.Value, slots []uint64) error {
			return c.st.put(slots, wasm.FuncRef, FuncRef(v.Interface().(*Func)))
		}}, wasm.FuncRef
	case v128Type:
		return resultWriter{slots: 2, write: func(_ *Caller, v reflect.Value, slots []uint64) error {
			bits := v.Interface().(V128Bits)
			slots[0], slots[1] = bits[0], bits[1]
			return nil
		}}, wasm.V128
	}
	vt := numType(t)
	if vt == 0 {
		return resultWriter{}, 0
	}
	return resultWriter{slots: 1, write: func(_ *Caller, v reflect.Value, slots []uint64) error {
		switch t.Kind() {
		case reflect.Bool:
			slots[0] = 0
			if v.Bool() {
				slots[0] = 1
			}
		case reflect.Int32:
			slots[0] = uint64(uint32(v.Int()))
		case reflect.Int64:
			slots[0] = uint64(v.Int())
		case reflect.Uint32, reflect.Uint64:
			slots[0] = v.Uint()
		case reflect.Float32:
			slots[0] = uint64(math.Float32bits(float32(v.Float())))
		case reflect.Float64:
			slots[0] = math.Float64bits(v.Float())
		}
		return nil
	}}, vt
}
