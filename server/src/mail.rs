//! Letters by SMTP. Only words of ours go out: who may read what is decided in `service`.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use service::Mail;
use service::world::{Later, Letter};

/// A mail server.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// A mail server at `smtp://…`, `smtp://…?tls=required` or `smtps://…`; letters come from `from`.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard.
    pub fn new(url: &str, from: &str) -> Result<Self, String> {
        // The reason may quote the address, and the address holds a password.
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| {
            "TANDEM_SMTP_URL cannot be read. Write smtps://name:password@host, or smtp://host:25 inside your own network."
                .to_owned()
        })?;
        let from = from.parse().map_err(|_| {
            format!("TANDEM_MAIL_FROM is no mail address: {from}. Write one such as tandem@example.org.")
        })?;
        Ok(Self { transport: builder.timeout(Some(Duration::from_secs(20))).build(), from })
    }

    /// Asks the server whether it is there and lets us in, without a letter.
    ///
    /// # Errors
    /// A short technical reason.
    pub async fn greet(&self) -> Result<(), String> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("it closed the connection".to_owned()),
            Err(e) => Err(reason(&e)),
        }
    }

    async fn hand_over(&self, letter: Letter) -> Result<(), String> {
        let to: Mailbox = letter.to.parse().map_err(|_| "the address cannot be read".to_owned())?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(letter.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text)
            .map_err(|_| "the letter cannot be written as mail".to_owned())?;
        self.transport.send(message).await.map(|_| ()).map_err(|e| reason(&e))
    }
}

/// What went wrong, in kinds only: a server's answer may quote the address of a person.
fn reason(e: &lettre::transport::smtp::Error) -> String {
    let kind = if e.is_timeout() {
        "it did not answer in time"
    } else if e.is_tls() {
        "no safe connection (TLS) could be made"
    } else if e.is_permanent() {
        "it refused"
    } else if e.is_transient() {
        "it asked to try again later"
    } else if e.is_response() {
        "its answer could not be read"
    } else {
        "it could not be reached"
    };
    e.status().map_or_else(|| kind.to_owned(), |code| format!("{kind} ({code})"))
}

impl Mail for Smtp {
    fn send(&self, letter: Letter) -> Later<'_, Result<(), String>> {
        Box::pin(self.hand_over(letter))
    }
}
