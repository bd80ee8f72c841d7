;; The smallest command: it writes one line to standard output, through WASI.
;;
;;     go run ./cmd/iwasm examples/hello.wat
;;
;; hello.wasm is this file in the binary format: iwasm wasm examples/hello.wat
(module
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param $fd i32) (param $iovs i32) (param $iovs_len i32) (param $written i32) (result i32)))
  (memory (export "memory") 1)
  ;; One iovec at address 0: the text begins at address 16 and is 14 bytes long.
  (data (i32.const 0) "\10\00\00\00\0e\00\00\00")
  (data (i32.const 16) "Hello, world!\n")
  (func (export "_start")
    i32.const 1 ;; standard output
    i32.const 0
    i32.const 1
    i32.const 8 ;; where the number of bytes written goes
    call $fd_write
    drop))
