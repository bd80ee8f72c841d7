;; A plug-in of the example embed: it turns each letter into the one 13 places
;; on, in place, and reports how many it turned.
(module
  (import "host" "report" (func $report (param i32 i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "letters turned:")

  (func $turn (param $c i32) (result i32)
    (local $base i32)
    ;; The letter's place in the alphabet, whatever its case.
    (local.set $base (i32.sub (i32.or (local.get $c) (i32.const 0x20)) (i32.const 0x61)))
    (if (i32.ge_u (local.get $base) (i32.const 26))
      (then (return (local.get $c))))
    (i32.add
      (i32.sub (local.get $c) (local.get $base))
      (i32.rem_u (i32.add (local.get $base) (i32.const 13)) (i32.const 26))))

  ;; The host puts the text behind this address.
  (func (export "buffer") (result i32) (i32.const 1024))

  (func (export "transform") (param $at i32) (param $length i32)
    (local $end i32) (local $c i32) (local $count i32)
    (local.set $end (i32.add (local.get $at) (local.get $length)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $c (i32.load8_u (local.get $at)))
        (i32.store8 (local.get $at) (call $turn (local.get $c)))
        (local.set $count
          (i32.add (local.get $count) (i32.ne (local.get $c) (i32.load8_u (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (call $report (i32.const 0) (i32.const 15) (local.get $count))))
