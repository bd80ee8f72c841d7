// Reflection and JSON: encoding, decoding, tags, interfaces, calls by name.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"
	"text/template"
	"time"
)

type address struct {
	Street string `json:"street"`
	City   string `json:"city,omitempty"`
}

type level int

func (l level) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "level-%d", int(l)), nil }

func (l *level) UnmarshalText(text []byte) error {
	_, err := fmt.Sscanf(string(text), "level-%d", (*int)(l))
	return err
}

type person struct {
	Name     string            `json:"name"`
	Age      int               `json:"age"`
	Score    float64           `json:"score"`
	Emails   []string          `json:"emails"`
	Home     *address          `json:"home,omitempty"`
	Labels   map[string]string `json:"labels"`
	Level    level             `json:"level"`
	Born     time.Time         `json:"born"`
	Raw      json.RawMessage   `json:"raw"`
	Any      any               `json:"any"`
	Data     []byte            `json:"data"`
	Ignored  string            `json:"-"`
	internal int
}

func (p person) Greet(greeting string, times int) string {
	return strings.Repeat(greeting+" "+p.Name+"! ", times)
}

func (p *person) Birthday() { p.Age++ }

func jsonRoundTrip() {
	p := person{
		Name: "Ada <&> \"Löwe\" \u2028", Age: 36, Score: 1e21, Emails: []string{"a@example.com", ""},
		Home: &address{Street: "1 Road"}, Labels: map[string]string{"z": "last", "a": "first"}, Level: 3,
		Born: time.Date(1815, 12, 10, 1, 2, 3, 4000, time.UTC), Raw: json.RawMessage(`{"k":[1,2.50,null]}`),
		Any: map[string]any{"nested": []any{1, "two", 3.5, true, nil}}, Data: []byte{0, 1, 254, 255}, Ignored: "no", internal: 9,
	}
	text, err := json.MarshalIndent(p, "", "  ")
	fmt.Printf("%s %v\n", text, err)
	var back person
	fmt.Println(json.Unmarshal(text, &back))
	p.Ignored, p.internal = "", 0
	p.Any = map[string]any{"nested": []any{1.0, "two", 3.5, true, nil}}
	var compact bytes.Buffer
	json.Compact(&compact, back.Raw)
	back.Raw = compact.Bytes()
	fmt.Println("equal after a round trip:", reflect.DeepEqual(p, back))

	for _, bad := range []string{`{"name": 5}`, `{"age": "x"}`, `[1,2`, `{"age": 1e99}`, `{"level":"other"}`, "\x00"} {
		err := json.Unmarshal([]byte(bad), new(person))
		var syntax *json.SyntaxError
		var mismatch *json.UnmarshalTypeError
		fmt.Printf("%q: %v (%t %t)\n", bad, err, errors.As(err, &syntax), errors.As(err, &mismatch))
	}
	decoder := json.NewDecoder(strings.NewReader(`{"a":1} {"b":[true]} "end"`))
	decoder.UseNumber()
	for decoder.More() {
		var v any
		if err := decoder.Decode(&v); err != nil {
			fmt.Println(err)
			break
		}
		fmt.Printf("%T %v\n", v, v)
	}
}

func reflection() {
	p := &person{Name: "Grace", Age: 40}
	t := reflect.TypeOf(*p)
	for i := range t.NumField() {
		f := t.Field(i)
		fmt.Printf("%s %s %q exported=%t\n", f.Name, f.Type, f.Tag.Get("json"), f.IsExported())
	}
	v := reflect.ValueOf(p)
	for i := range v.NumMethod() {
		fmt.Println(v.Type().Method(i).Name, v.Method(i).Type())
	}
	v.MethodByName("Birthday").Call(nil)
	out := v.MethodByName("Greet").Call([]reflect.Value{reflect.ValueOf("hello"), reflect.ValueOf(2)})
	fmt.Println(out[0], p.Age)
	v.Elem().FieldByName("Name").SetString("Set by reflection")
	fmt.Println(p.Name, v.Elem().FieldByName("internal").CanSet())

	m := reflect.MakeMap(reflect.MapOf(reflect.TypeFor[string](), reflect.TypeFor[[]int]()))
	for i, key := range []string{"x", "y", "z"} {
		slice := reflect.MakeSlice(reflect.SliceOf(reflect.TypeFor[int]()), 0, 4)
		slice = reflect.Append(slice, reflect.ValueOf(i), reflect.ValueOf(i*i))
		m.SetMapIndex(reflect.ValueOf(key), slice)
	}
	fmt.Println(m.Interface())
	swap := func(in []reflect.Value) []reflect.Value { return []reflect.Value{in[1], in[0]} }
	var swapped func(int, string) (string, int)
	reflect.ValueOf(&swapped).Elem().Set(reflect.MakeFunc(reflect.TypeOf(swapped), swap))
	fmt.Println(swapped(7, "seven"))
	st := reflect.StructOf([]reflect.StructField{{Name: "X", Type: reflect.TypeFor[uint8](), Tag: `json:"x"`}, {Name: "Y", Type: reflect.TypeFor[[2]bool]()}})
	dynamic := reflect.New(st)
	fmt.Println(json.Unmarshal([]byte(`{"x":200,"Y":[true,false]}`), dynamic.Interface()), dynamic.Elem())

	ch := make(chan string, 1)
	ch <- "received by reflection"
	chosen, value, ok := reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ch)}, {Dir: reflect.SelectDefault}})
	fmt.Println(chosen, value, ok)
	for _, x := range []any{1, 2.5, "s", []byte(nil), map[int]bool{}, errors.New("e"), p.Greet, struct{}{}, [3]int{}, uint8(1), complex(1, 2)} {
		rt := reflect.TypeOf(x)
		_, isError := x.(error)
		fmt.Printf("%s/%s comparable=%t error=%t; ", rt, rt.Kind(), rt.Comparable(), isError)
	}
	fmt.Println()
}

func templates() {
	tmpl := template.Must(template.New("list").Funcs(template.FuncMap{"upper": strings.ToUpper}).Parse(
		`{{range $i, $p := .}}{{if $i}}, {{end}}{{$p.Name | upper | printf "%-6s"}}:{{with $p.Home}}{{.Street}}{{else}}none{{end}}{{end}}` + "\n"))
	people := []person{{Name: "zoe"}, {Name: "al", Home: &address{Street: "Lane"}}}
	sort.Slice(people, func(i, j int) bool { return people[i].Name < people[j].Name })
	if err := tmpl.Execute(os.Stdout, people); err != nil {
		fmt.Println(err)
	}
	fmt.Printf("%v %+v %#v %T\n", people[0].Home, *people[0].Home, *people[0].Home, people)
	fmt.Println(base64.StdEncoding.EncodeToString([]byte("base64 of this")))
}

func main() {
	jsonRoundTrip()
	reflection()
	templates()
}
