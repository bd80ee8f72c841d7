package wamr

import (
	"context"
	"errors"
	"fmt"
	"reflect"
)

// Bind fills in the fields of a struct of functions: each exported field with a
// tag `wasm:"name"` becomes the exported function of that name. api points to
// the struct. A field's type is a function that takes a [context.Context] and
// numbers (int32, uint32, int64, uint64, float32, float64, bool) and returns at
// most one result of such a type, and an error. Types are checked here, once; a
// mismatch or a missing export is an error that names the field, and nothing is
// bound.
//
//	var api struct {
//		Add func(ctx context.Context, a, b int32) (int32, error) `wasm:"add"`
//	}
//	err := inst.Bind(&api)
func (inst *Instance) Bind(api any) error {
	p := reflect.ValueOf(api)
	if p.Kind() != reflect.Pointer || p.IsNil() || p.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("wamr: Bind needs a pointer to a struct, not %T", api)
	}
	s := p.Elem()
	bound := make(map[int]reflect.Value)
	var errs []error
	for i := range s.NumField() {
		field := s.Type().Field(i)
		name, ok := field.Tag.Lookup("wasm")
		if !ok {
			continue
		}
		fn, err := inst.bindField(field, name)
		if err != nil {
			errs = append(errs, fmt.Errorf("wamr: binding field %s: %w", field.Name, err))
			continue
		}
		bound[i] = fn
	}
	if errs != nil {
		return errors.Join(errs...)
	}
	for i, fn := range bound {
		s.Field(i).Set(fn)
	}
	return nil
}

// bindField returns a Go function of the field's type that calls the export.
func (inst *Instance) bindField(field reflect.StructField, name string) (reflect.Value, error) {
	t := field.Type
	switch {
	case !field.IsExported():
		return reflect.Value{}, errors.New("it is not exported")
	case t.Kind() != reflect.Func || t.IsVariadic():
		return reflect.Value{}, fmt.Errorf("its type is %v, not a function", t)
	case t.NumIn() == 0 || t.In(0) != contextType:
		return reflect.Value{}, errors.New("its first parameter must be a context.Context")
	case t.NumOut() == 0 || t.NumOut() > 2 || t.Out(t.NumOut()-1) != errorType:
		return reflect.Value{}, errors.New("it must return an error, and at most one value before it")
	}
	want := &FuncType{}
	for i := 1; i < t.NumIn(); i++ {
		vt := numType(t.In(i))
		if vt == 0 {
			return reflect.Value{}, fmt.Errorf("parameter %d has type %v, which does not stand for a Wasm number", i, t.In(i))
		}
		want.Params = append(want.Params, vt)
	}
	for i := range t.NumOut() - 1 {
		vt := numType(t.Out(i))
		if vt == 0 {
			return reflect.Value{}, fmt.Errorf("the result has type %v, which does not stand for a Wasm number", t.Out(i))
		}
		want.Results = append(want.Results, vt)
	}
	f, err := typedFunc(inst, name, want)
	if err != nil {
		return reflect.Value{}, err
	}
	return reflect.MakeFunc(t, func(args []reflect.Value) []reflect.Value {
		slots := make([]uint64, f.Slots())
		for i, a := range args[1:] {
			w, _ := writerOf(a.Type())
			// Writing a number can't fail: numType admits nothing else.
			_ = w.write(nil, a, slots[i:])
		}
		err := f.callTyped(args[0].Interface().(context.Context), slots)
		out := make([]reflect.Value, t.NumOut())
		for i := range out[:len(out)-1] {
			out[i] = reflect.Zero(t.Out(i))
			if err == nil {
				r, _ := readerOf(t.Out(i))
				out[i], _ = r.read(nil, slots)
			}
		}
		out[len(out)-1] = reflect.Zero(errorType)
		if err != nil {
			out[len(out)-1] = reflect.ValueOf(&err).Elem()
		}
		return out
	}), nil
}
