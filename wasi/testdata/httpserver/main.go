// A web server over the socket that it finds at descriptor 3.
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
)

func main() {
	// Without this, waiting for a connection would stop all goroutines.
	if err := syscall.SetNonblock(3, true); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	l, err := net.FileListener(os.NewFile(3, "listener"))
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	stop := make(chan bool)
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "hello %s", r.URL.Path) })
	http.HandleFunc("/big", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, strings.Repeat("x", 3<<20)) })
	http.HandleFunc("/stop", func(w http.ResponseWriter, r *http.Request) { close(stop) })
	go http.Serve(l, nil)
	<-stop
	fmt.Println("stopped")
}
