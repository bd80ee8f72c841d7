package wasip1

import "github.com/wamr-go/wamr/internal/fsbox"

// Errno is a result of a function: a number of WASI's errno, 0 for success.
type Errno = fsbox.Errno

// rights are what may be done through a descriptor (witx: rights).
type rights uint64

const (
	rightFDDatasync rights = 1 << iota
	rightFDRead
	rightFDSeek
	rightFDFdstatSetFlags
	rightFDSync
	rightFDTell
	rightFDWrite
	rightFDAdvise
	rightFDAllocate
	rightPathCreateDirectory
	rightPathCreateFile
	rightPathLinkSource
	rightPathLinkTarget
	rightPathOpen
	rightFDReaddir
	rightPathReadlink
	rightPathRenameSource
	rightPathRenameTarget
	rightPathFilestatGet
	rightPathFilestatSetSize
	rightPathFilestatSetTimes
	rightFDFilestatGet
	rightFDFilestatSetSize
	rightFDFilestatSetTimes
	rightPathSymlink
	rightPathRemoveDirectory
	rightPathUnlinkFile
	rightPollFDReadwrite
	rightSockShutdown
	rightSockAccept

	allRights = rightSockAccept<<1 - 1
)

// The rights that mean something on a descriptor of a kind; others are not granted, because programs judge a descriptor's nature by them.
const (
	pathRights = rightPathCreateDirectory | rightPathCreateFile | rightPathLinkSource | rightPathLinkTarget | rightPathOpen |
		rightPathReadlink | rightPathRenameSource | rightPathRenameTarget | rightPathFilestatGet | rightPathFilestatSetSize |
		rightPathFilestatSetTimes | rightPathSymlink | rightPathRemoveDirectory | rightPathUnlinkFile

	directoryRights = pathRights | rightFDReaddir | rightFDFdstatSetFlags | rightFDSync | rightFDDatasync | rightFDAdvise |
		rightFDFilestatGet | rightFDFilestatSetTimes | rightPollFDReadwrite

	streamRights = rightFDRead | rightFDWrite | rightFDFdstatSetFlags | rightFDSync | rightFDDatasync | rightFDFilestatGet |
		rightFDFilestatSetTimes | rightPollFDReadwrite

	fileRights = streamRights | rightFDSeek | rightFDTell | rightFDAdvise | rightFDAllocate | rightFDFilestatSetSize

	connRights = rightFDRead | rightFDWrite | rightFDFdstatSetFlags | rightFDFilestatGet | rightPollFDReadwrite | rightSockShutdown

	listenerRights = rightFDFdstatSetFlags | rightFDFilestatGet | rightPollFDReadwrite | rightSockAccept

	// treeRights is what a preopened directory hands on to what is opened below it.
	treeRights = directoryRights | fileRights
)

// File types (witx: filetype) are fsbox's, but WASI has no name for a FIFO.
func fileTypeNumber(t fsbox.FileType) uint8 {
	if t == fsbox.TypeFIFO {
		return uint8(fsbox.TypeUnknown)
	}
	return uint8(t)
}

// witx: fdflags.
const (
	fdflagAppend = 1 << iota
	fdflagDsync
	fdflagNonblock
	fdflagRsync
	fdflagSync

	allFdflags = fdflagSync<<1 - 1
)

// statusOf is a program's fdflags as status flags of a file. RSYNC needs nothing: reads see all that was written before.
func statusOf(fdflags uint32) fsbox.StatusFlag {
	var s fsbox.StatusFlag
	if fdflags&fdflagAppend != 0 {
		s |= fsbox.StatusAppend
	}
	if fdflags&fdflagDsync != 0 {
		s |= fsbox.StatusDataSync
	}
	if fdflags&fdflagNonblock != 0 {
		s |= fsbox.StatusNonblock
	}
	if fdflags&fdflagSync != 0 {
		s |= fsbox.StatusSync
	}
	return s
}

// witx: lookupflags, oflags, fstflags, whence.
const (
	lookupSymlinkFollow = 1

	oflagCreat     = 1
	oflagDirectory = 2
	oflagExcl      = 4
	oflagTrunc     = 8
	allOflags      = 15

	fstflagAtim    = 1
	fstflagAtimNow = 2
	fstflagMtim    = 4
	fstflagMtimNow = 8
	allFstflags    = 15

	whenceSet = 0
	whenceCur = 1
	whenceEnd = 2
)

// witx: clockid.
const (
	clockRealtime = iota
	clockMonotonic
	clockProcessCPU
	clockThreadCPU
)

// witx: eventtype, eventrwflags, subclockflags.
const (
	eventClock = iota
	eventFDRead
	eventFDWrite

	eventHangup     = 1
	subclockAbstime = 1
)

// witx: riflags, sdflags.
const (
	recvPeek    = 1
	recvWaitall = 2

	shutRead  = 1
	shutWrite = 2
)

// Sizes and offsets of the structures that cross the boundary, in bytes (witx, 32-bit layout).
const (
	sizeIovec = 8

	sizeFdstat                   = 24
	fdstatFlags                  = 2
	fdstatRightsBase             = 8
	fdstatRightsInheriting       = 16
	sizePrestat                  = 8
	prestatNameLen               = 4
	sizeDirent                   = 24
	direntIno                    = 8
	direntNamelen                = 16
	direntType                   = 20
	sizeEvent                    = 32
	eventError                   = 8
	eventType                    = 10
	eventBytes                   = 16
	eventFlags                   = 24
	subscriptionTag              = 8
	subscriptionFD               = 16
	preopenTypeDir         uint8 = 0
)

// filestatLayout and subscriptionLayout are the structures that differ between wasi_snapshot_preview1 and wasi_unstable.
type filestatLayout struct {
	size             uint32
	dev, ino, kind   uint32
	nlink, nlinkSize uint32
	length           uint32
	atim, mtim, ctim uint32
}

type subscriptionLayout struct {
	size                        uint32
	clockID, timeout, clockFlag uint32
}

var (
	filestatV1 = filestatLayout{size: 64, dev: 0, ino: 8, kind: 16, nlink: 24, nlinkSize: 8, length: 32, atim: 40, mtim: 48, ctim: 56}
	filestatV0 = filestatLayout{size: 56, dev: 0, ino: 8, kind: 16, nlink: 20, nlinkSize: 4, length: 24, atim: 32, mtim: 40, ctim: 48}

	subscriptionV1 = subscriptionLayout{size: 48, clockID: 16, timeout: 24, clockFlag: 40}
	subscriptionV0 = subscriptionLayout{size: 56, clockID: 24, timeout: 32, clockFlag: 48}
)

// Bounds on what one call may ask for.
const (
	maxIovecs        = 1024     // as POSIX's IOV_MAX; more are EINVAL
	maxSubscriptions = 4096     // in one poll_oneoff; more are EINVAL
	gatherSize       = 64 << 10 // vectors up to this many bytes are read and written in one piece
)
