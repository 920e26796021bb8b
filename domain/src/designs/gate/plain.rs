//! Reads an update before the library does, and knows only what plain writing needs: words put in, words taken away, in
//! the sections of this design, by this writer. Everything else the format can hold (maps, numbers, marks, documents in
//! documents, gaps) is refused unread. The format is Yjs update version 1.

use super::Refusal;
use crate::ids::SectionId;

/// Most units one writer may ever write in one session: far from where the library's counters end.
const MOST_UNITS: u64 = 1 << 30;
const ORIGIN: u8 = 0x80;
const RIGHT_ORIGIN: u8 = 0x40;
const DELETED: u8 = 1;
const STRING: u8 = 4;

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8, Refusal> {
        let (first, rest) = self.bytes.split_first().ok_or(Refusal::Damaged)?;
        self.bytes = rest;
        Ok(*first)
    }

    /// A number of seven bits a byte, the lowest first, at most 53 bits as in browsers.
    fn number(&mut self) -> Result<u64, Refusal> {
        let mut out = 0u64;
        for shift in (0..).step_by(7) {
            let byte = self.byte()?;
            if shift > 49 {
                return Err(Refusal::Damaged);
            }
            out |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        if out < 1 << 53 { Ok(out) } else { Err(Refusal::Damaged) }
    }

    fn string(&mut self) -> Result<&'a str, Refusal> {
        let len = usize::try_from(self.number()?).map_err(|_| Refusal::Damaged)?;
        let (text, rest) = self.bytes.split_at_checked(len).ok_or(Refusal::Damaged)?;
        self.bytes = rest;
        std::str::from_utf8(text).map_err(|_| Refusal::Damaged)
    }

    fn place(&mut self) -> Result<(), Refusal> {
        self.number()?;
        if self.number()? < MOST_UNITS { Ok(()) } else { Err(Refusal::Damaged) }
    }
}

/// Checks that an update is nothing but plain writing of `writer` in `sections`.
pub(super) fn check(update: &[u8], writer: u64, sections: &[SectionId]) -> Result<(), Refusal> {
    let mut r = Reader { bytes: update };
    for _ in 0..at_most(r.number()?, 1, Refusal::NotOwn)? {
        let blocks = r.number()?;
        if r.number()? != writer {
            return Err(Refusal::NotOwn);
        }
        let mut clock = r.number()?;
        for _ in 0..blocks {
            clock += block(&mut r, sections)?;
            if clock > MOST_UNITS {
                return Err(Refusal::Damaged);
            }
        }
    }
    for _ in 0..r.number()? {
        r.number()?;
        for _ in 0..r.number()? {
            let (start, len) = (r.number()?, r.number()?);
            if len == 0 || start + len > MOST_UNITS {
                return Err(Refusal::Damaged);
            }
        }
    }
    if r.bytes.is_empty() { Ok(()) } else { Err(Refusal::Damaged) }
}

fn at_most(n: u64, most: u64, otherwise: Refusal) -> Result<u64, Refusal> {
    if n <= most { Ok(n) } else { Err(otherwise) }
}

/// One block; gives its length.
fn block(r: &mut Reader<'_>, sections: &[SectionId]) -> Result<u64, Refusal> {
    let info = r.byte()?;
    let kind = info & !(ORIGIN | RIGHT_ORIGIN);
    // Whatever else is set (a key of a map, another kind of content) is not writing.
    if kind != DELETED && kind != STRING {
        return Err(Refusal::NotWords);
    }
    if info & ORIGIN != 0 {
        r.place()?;
    }
    if info & RIGHT_ORIGIN != 0 {
        r.place()?;
    }
    if info & (ORIGIN | RIGHT_ORIGIN) == 0 {
        // The first words of a section name it; a number here would be a text inside something else.
        if r.number()? != 1 {
            return Err(Refusal::NotWords);
        }
        let name = r.string()?;
        let known = name.parse::<SectionId>().is_ok_and(|id| sections.contains(&id) && id.to_string() == name);
        if !known {
            return Err(Refusal::NotWords);
        }
    }
    let len = if kind == DELETED { r.number()? } else { r.string()?.encode_utf16().count() as u64 };
    if len == 0 || len > super::MAX_UPDATE as u64 { Err(Refusal::Damaged) } else { Ok(len) }
}
