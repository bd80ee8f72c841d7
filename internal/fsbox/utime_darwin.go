package fsbox

// utimeOmit is the number of nanoseconds that makes utimensat leave a time as it is.
const utimeOmit = -2
