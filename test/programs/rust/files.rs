//! Files and directories through std::fs and std::io.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

fn kind<T>(result: io::Result<T>) -> String {
    match result {
        Ok(_) => "ok".to_string(),
        Err(e) => match e.kind() {
            ErrorKind::NotFound => "not found".to_string(),
            ErrorKind::AlreadyExists => "already exists".to_string(),
            ErrorKind::InvalidInput => "invalid input".to_string(),
            ErrorKind::PermissionDenied => "permission denied".to_string(),
            other => format!("{other:?}"),
        },
    }
}

fn tree(dir: &Path, depth: usize) -> io::Result<()> {
    let mut entries = fs::read_dir(dir)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(|e| e.file_name());
    for entry in entries {
        let kind = entry.file_type()?;
        let size = if kind.is_file() { entry.metadata()?.len().to_string() } else { "-".to_string() };
        println!("{:indent$}{} dir={} size={size}", "", entry.file_name().to_string_lossy(), kind.is_dir(), indent = depth * 2);
        if kind.is_dir() {
            tree(&entry.path(), depth + 1)?;
        }
    }
    Ok(())
}

fn main() -> io::Result<()> {
    fs::write("hello.txt", "hello\nworld\n")?;
    println!("{:?}", fs::read_to_string("hello.txt")?);
    let mut file = OpenOptions::new().read(true).write(true).append(false).open("hello.txt")?;
    file.seek(SeekFrom::Start(6))?;
    file.write_all(b"WORLD")?;
    let mut all = String::new();
    file.rewind()?;
    file.read_to_string(&mut all)?;
    println!("{all:?} at {}", file.stream_position()?);
    println!("seek from the end {}, before the start {}", file.seek(SeekFrom::End(-3))?, kind(file.seek(SeekFrom::Current(-100))));
    file.set_len(8)?;
    println!("length {}", file.metadata()?.len());
    drop(file);
    writeln!(OpenOptions::new().append(true).open("hello.txt")?, " appended {}", 42)?;
    println!("{:?}", fs::read("hello.txt")?.len());

    let mut writer = BufWriter::new(File::create("numbers.txt")?);
    for i in 0..20_000u32 {
        writeln!(writer, "{}", i.wrapping_mul(2_654_435_761))?;
    }
    writer.flush()?;
    let sum = BufReader::new(File::open("numbers.txt")?).lines().map(|l| l.expect("a line").parse::<u64>().expect("a number")).sum::<u64>();
    println!("sum {sum}");

    println!("create again {}", kind(OpenOptions::new().write(true).create_new(true).open("hello.txt")));
    println!("missing {}", kind(File::open("missing")));
    println!("write to a reader {}", File::open("hello.txt")?.write(b"x").is_err());
    println!("outside {}", kind(File::open("missing/../hello.txt")));

    fs::create_dir_all("a/b/c")?;
    println!("exists {}", kind(fs::create_dir("a/b")));
    fs::copy("hello.txt", "a/b/copy.txt")?;
    fs::rename("numbers.txt", "a/b/c/renamed.txt")?;
    println!("{} {}", Path::new("numbers.txt").exists(), Path::new("a/b/c/renamed.txt").is_file());
    tree(Path::new("."), 0)?;
    println!("remove a full directory: failed {}", fs::remove_dir("a").is_err());
    fs::remove_file("a/b/copy.txt")?;
    fs::remove_dir_all("a")?;
    fs::remove_file("hello.txt")?;
    println!("left {}", fs::read_dir(".")?.count());

    let path: PathBuf = ["x", "..", "y", "file.tar.gz"].iter().collect();
    println!("{} {:?} {:?} {:?}", path.display(), path.extension(), path.file_stem(), path.parent().map(|p| p.components().count()));
    Ok(())
}
