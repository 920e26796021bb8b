//! What the outside gives us. Clock, chance, mail, files and keys are parameters, so that tests move the clock, repeat
//! chance and read the mail; clippy bans the globals (`clippy.toml`).

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use domain::moment::Moment;
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Moment;
}

/// The clock of this computer.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the computer's clock is read")]
    fn now(&self) -> Moment {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Moment(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// The clock of this computer, put ahead by a fixed time. A vote closes by a comparison with the clock, so this is how the
/// tests of the whole program see one close without waiting; `tandem serve` takes it on a computer of one's own only.
#[derive(Debug, Clone, Copy)]
pub struct ClockAhead {
    /// How far ahead, in microseconds.
    pub by: i64,
}

impl Clock for ClockAhead {
    fn now(&self) -> Moment {
        SystemClock.now().plus(self.by)
    }
}

/// Gives random bytes fit for secrets.
pub trait Chance: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy)]
pub struct SystemChance;

impl Chance for SystemChance {
    #[expect(clippy::disallowed_methods, reason = "the one place where the computer's randomness is read")]
    #[expect(clippy::expect_used, reason = "without randomness nothing here is safe: stopping is right")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// A letter to send.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The address.
    pub to: String,
    /// The subject; never the name of a hidden group.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

/// A future that a trait object can give back.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends letters.
pub trait Mail: Send + Sync {
    /// Hands a letter over. An error is a short technical reason without the letter's text.
    fn send(&self, letter: Letter) -> Later<'_, Result<(), String>>;
}

/// No mail is set up: letters go nowhere, and `tandem doctor` says so.
#[derive(Debug, Clone, Copy)]
pub struct NoMail;

impl Mail for NoMail {
    fn send(&self, _letter: Letter) -> Later<'_, Result<(), String>> {
        Box::pin(async { Err("mail is not set up".to_owned()) })
    }
}

/// Keeps uploaded files, by the SHA-256 of what is in them.
pub trait Files: Send + Sync {
    /// Keeps `bytes` and gives their address.
    fn put(&self, bytes: Vec<u8>) -> Later<'_, Result<[u8; 32], String>>;
    /// Gives them back.
    fn get(&self, hash: [u8; 32]) -> Later<'_, Result<Option<Vec<u8>>, String>>;
    /// Forgets a file, unless something still shows it.
    fn forget(&self, hash: [u8; 32]) -> Later<'_, Result<(), String>>;
}

/// Why keys could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The folder holds no key yet.
    #[error("no keys in {0}: run `tandem keys init`")]
    None(String),
    /// There are keys already.
    #[error("there are keys in {0} already: use `tandem keys rotate`")]
    Some(String),
    /// Reading or writing the folder failed.
    #[error("{0}: {1}")]
    Folder(String, #[source] std::io::Error),
    /// There is no number left for a new key.
    #[error(
        "{0} has a key with the highest number there is, which no Tandem made: look where it came from, move it out of \
         the folder, and run this again"
    )]
    NoNumberLeft(String),
    /// A file there is not a key.
    #[error("{0} is not a key of Tandem")]
    NotAKey(String),
}

/// The secrets of this installation, newest first. They live outside database, backup and export.
///
/// One file a key, `NNNN.key`, 32 bytes as hexadecimal; the highest number is used for everything new, older ones
/// still open what they closed.
#[derive(Clone)]
pub struct Keys {
    all: Vec<(u32, [u8; 32])>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({} of them)", self.all.len())
    }
}

impl Keys {
    /// Keys from bytes, newest first: for tests.
    pub fn from_bytes(keys: Vec<[u8; 32]>) -> Self {
        let n = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        Self { all: keys.into_iter().enumerate().map(|(i, k)| (n - u32::try_from(i).unwrap_or(0), k)).collect() }
    }

    /// Reads every key of a folder.
    ///
    /// # Errors
    /// [`KeyError`] when there is none, or one cannot be read.
    #[expect(clippy::disallowed_methods, reason = "keys are no uploads: they live outside database, backup and export")]
    pub fn read(folder: &Path) -> Result<Self, KeyError> {
        let name = folder.display().to_string();
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(KeyError::None(name)),
            Err(e) => return Err(KeyError::Folder(name, e)),
        };
        let mut all = Vec::new();
        for entry in entries {
            let path = entry.map_err(|e| KeyError::Folder(name.clone(), e))?.path();
            let Some(number) = path.file_name().and_then(|f| f.to_str()).and_then(|f| f.strip_suffix(".key")) else {
                continue;
            };
            let shown = path.display().to_string();
            let number: u32 = number.parse().map_err(|_| KeyError::NotAKey(shown.clone()))?;
            let text = std::fs::read_to_string(&path).map_err(|e| KeyError::Folder(shown.clone(), e))?;
            all.push((number, from_hex(text.trim()).ok_or(KeyError::NotAKey(shown))?));
        }
        all.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
        if all.is_empty() { Err(KeyError::None(name)) } else { Ok(Self { all }) }
    }

    /// Makes the first key of a folder.
    ///
    /// # Errors
    /// [`KeyError::Some`] when there is one already, or the folder cannot be written.
    pub fn init(folder: &Path, chance: &dyn Chance) -> Result<Self, KeyError> {
        match Self::read(folder) {
            Err(KeyError::None(_)) => {}
            Err(e) => return Err(e),
            Ok(_) => return Err(KeyError::Some(folder.display().to_string())),
        }
        write_key(folder, 1, chance)?;
        Self::read(folder)
    }

    /// Adds a new key that everything new uses; what older keys closed still opens.
    ///
    /// # Errors
    /// [`KeyError`] when there is no first key, or the folder cannot be written.
    pub fn rotate(folder: &Path, chance: &dyn Chance) -> Result<Self, KeyError> {
        let keys = Self::read(folder)?;
        let next = keys.newest_number().checked_add(1);
        write_key(folder, next.ok_or_else(|| KeyError::NoNumberLeft(folder.display().to_string()))?, chance)?;
        Self::read(folder)
    }

    /// The number of the key that everything new uses.
    pub fn newest_number(&self) -> u32 {
        self.all.first().map_or(0, |(n, _)| *n)
    }

    /// A keyed hash (HMAC-SHA-256) for one purpose, with the newest key.
    pub fn hash(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        self.hashes(purpose, bytes).next().unwrap_or([0; 32])
    }

    /// The same with every key, newest first: for looking up what an older key hashed.
    pub fn hashes<'a>(&'a self, purpose: &'a str, bytes: &'a [u8]) -> impl Iterator<Item = [u8; 32]> + 'a {
        self.all.iter().map(move |(_, key)| {
            // Separate keys for separate purposes, so that one hash can never stand in for another.
            let mut derive = Sha256::new();
            derive.update(key);
            derive.update(purpose.as_bytes());
            let own: [u8; 32] = derive.finalize().into();
            match Hmac::<Sha256>::new_from_slice(&own) {
                Ok(mut mac) => {
                    mac.update(bytes);
                    mac.finalize().into_bytes().into()
                }
                // HMAC takes keys of every length, so this cannot be.
                Err(_) => [0; 32],
            }
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "keys are no uploads: they live outside database, backup and export")]
fn write_key(folder: &Path, number: u32, chance: &dyn Chance) -> Result<(), KeyError> {
    use std::io::Write as _;
    let failed = |p: &Path, e| KeyError::Folder(p.display().to_string(), e);
    std::fs::create_dir_all(folder).map_err(|e| failed(folder, e))?;
    let mut key = [0u8; 32];
    chance.fill(&mut key);
    let path = folder.join(format!("{number:04}.key"));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&path).map_err(|e| failed(&path, e))?;
    file.write_all(to_hex(&key).as_bytes()).and_then(|()| file.sync_all()).map_err(|e| failed(&path, e))
}

/// Bytes as lower-case hexadecimal.
pub fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut s, b| {
        let _ = write!(s, "{b:02x}");
        s
    })
}

/// 32 bytes from hexadecimal.
pub fn from_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut out = [0u8; 32];
    for (i, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()?;
    }
    Some(out)
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Everything the outside gives us.
#[derive(Clone)]
pub struct World {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives random bytes.
    pub chance: Arc<dyn Chance>,
    /// Sends letters.
    pub mail: Arc<dyn Mail>,
    /// Keeps uploads.
    pub files: Arc<dyn Files>,
    /// The secrets of this installation.
    pub keys: Arc<Keys>,
}
