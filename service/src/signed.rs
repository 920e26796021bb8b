//! Signed results: a file that anybody can check, without Tandem's database and without trusting whoever hands it over.
//!
//! The payload is kept as text, exactly as it was signed, so that no two programs can write it differently. The key is
//! made from the newest key of the installation, so it needs no place of its own.

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

use crate::Keys;
use crate::world::{from_hex, sha256, to_hex};

/// A payload and who signed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// JSON as text, exactly as it was signed.
    pub payload: String,
    /// SHA-256 of the payload, as hexadecimal: what people compare by eye.
    pub sha256: String,
    /// Ed25519, 64 bytes as hexadecimal.
    pub signature: String,
    /// Ed25519, 32 bytes as hexadecimal.
    pub public_key: String,
}

/// Why a file is not a good result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// Not a file of this kind.
    #[error("it is not a signed result of Tandem")]
    Form,
    /// The payload is not the one that was hashed.
    #[error("its words were changed after it was signed")]
    Changed,
    /// The signature belongs to something else.
    #[error("its signature is not good")]
    Signature,
}

/// Most bytes of a signed file.
pub const MOST: usize = 16 << 20;

fn pair(seed: &[u8; 32]) -> Option<Ed25519KeyPair> {
    Ed25519KeyPair::from_seed_unchecked(seed).ok()
}

/// The public keys of this installation, newest first: to be published where voters find them.
pub fn public_keys(keys: &Keys) -> Vec<[u8; 32]> {
    keys.hashes("sign-results", b"ed25519")
        .filter_map(|seed| pair(&seed)?.public_key().as_ref().try_into().ok())
        .collect()
}

/// Signs a payload with the newest key. `None` for an installation without keys.
pub fn sign(keys: &Keys, payload: String) -> Option<Signed> {
    let seed = keys.hashes("sign-results", b"ed25519").next()?;
    let pair = pair(&seed)?;
    let signature = pair.sign(payload.as_bytes());
    Some(Signed {
        sha256: to_hex(&sha256(payload.as_bytes())),
        signature: to_hex(signature.as_ref()),
        public_key: to_hex(pair.public_key().as_ref()),
        payload,
    })
}

/// Reads a signed file and checks it: gives it with its public key.
///
/// # Errors
/// [`BadSignature`].
pub fn verify(bytes: &[u8]) -> Result<(Signed, [u8; 32]), BadSignature> {
    if bytes.len() > MOST {
        return Err(BadSignature::Form);
    }
    let signed: Signed = serde_json::from_slice(bytes).map_err(|_| BadSignature::Form)?;
    let hash = from_hex(&signed.sha256).ok_or(BadSignature::Form)?;
    let key = from_hex(&signed.public_key).ok_or(BadSignature::Form)?;
    let halves = signed.signature.split_at_checked(64).ok_or(BadSignature::Form)?;
    let (Some(first), Some(second)) = (from_hex(halves.0), from_hex(halves.1)) else { return Err(BadSignature::Form) };
    if hash != sha256(signed.payload.as_bytes()) {
        return Err(BadSignature::Changed);
    }
    UnparsedPublicKey::new(&ED25519, key)
        .verify(signed.payload.as_bytes(), &[first, second].concat())
        .map_err(|_| BadSignature::Signature)?;
    Ok((signed, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_signed_is_good_and_what_was_changed_is_not() {
        let keys = Keys::from_bytes(vec![[7; 32], [8; 32]]);
        let signed = sign(&keys, "{\"passed\":true}".to_owned()).expect("there is a key");
        let file = |s: &Signed| serde_json::to_vec(s).expect("plain data");
        let (read, key) = verify(&file(&signed)).expect("good");
        assert_eq!(read, signed);
        assert_eq!(key, public_keys(&keys)[0]);
        assert_eq!(public_keys(&keys).len(), 2);

        let mut words = signed.clone();
        words.payload = "{\"passed\":false}".to_owned();
        assert_eq!(verify(&file(&words)), Err(BadSignature::Changed));
        words.sha256 = to_hex(&sha256(words.payload.as_bytes()));
        assert_eq!(verify(&file(&words)), Err(BadSignature::Signature));
        let mut other = signed.clone();
        other.public_key = to_hex(&public_keys(&keys)[1]);
        assert_eq!(verify(&file(&other)), Err(BadSignature::Signature));
        let mut short = signed;
        short.signature.truncate(70);
        assert_eq!(verify(&file(&short)), Err(BadSignature::Form));
        assert_eq!(verify(b"{}"), Err(BadSignature::Form));
        assert_eq!(verify("{\"payload\":\"é\"".as_bytes()), Err(BadSignature::Form));
        assert!(sign(&Keys::from_bytes(Vec::new()), String::new()).is_none());
    }
}
