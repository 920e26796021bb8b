//! How somebody wants to see pages: kept in a cookie, no account needed, applied on the server so that nothing flashes.

domain::named! {
    /// Colours.
    pub enum Theme {
        /// As the device says.
        Auto = "auto",
        /// Warm paper, dark ink.
        Light = "light",
        /// Night.
        Dark = "dark",
        /// Black and white with yellow.
        Contrast = "contrast",
        /// Cream tint.
        Cream = "cream",
        /// Blue tint.
        Blue = "blue",
    }
}
domain::named! {
    /// Size of text, in percent.
    pub enum Size {
        /// 100 %.
        Normal = "100",
        /// 125 %.
        Large = "125",
        /// 150 %.
        Larger = "150",
        /// 200 %.
        Double = "200",
        /// 300 %.
        Triple = "300",
    }
}
domain::named! {
    /// Space between letters, words and lines.
    pub enum Spacing {
        /// As designed.
        Normal = "normal",
        /// More.
        Wide = "wide",
        /// Most (WCAG 1.4.12 and beyond).
        Widest = "widest",
    }
}
domain::named! {
    /// Letters.
    pub enum Font {
        /// Bricolage Grotesque and Atkinson Hyperlegible Next.
        Tandem = "tandem",
        /// Atkinson Hyperlegible Next for everything.
        Hyperlegible = "hyperlegible",
        /// Lexend.
        Lexend = "lexend",
        /// OpenDyslexic.
        Dyslexic = "dyslexic",
        /// The device's own.
        System = "system",
    }
}
domain::named! {
    /// Pictures beside words.
    pub enum Symbols {
        /// Shown.
        On = "on",
        /// Not shown.
        Off = "off",
    }
}
domain::named! {
    /// Movement.
    pub enum Motion {
        /// As the device says.
        Auto = "auto",
        /// None.
        Off = "off",
    }
}

impl Theme {
    /// What the browser paints with before the stylesheet has come.
    pub const fn scheme(self) -> &'static str {
        match self {
            Self::Auto => "light dark",
            Self::Dark | Self::Contrast => "dark",
            Self::Light | Self::Cream | Self::Blue => "only light",
        }
    }
}

impl Font {
    /// The files every page needs with this choice, asked for with the first bytes of a page. Others come when needed.
    pub const fn first_files(self) -> &'static [&'static str] {
        match self {
            Self::Tandem => &["atkinson-latin", "bricolage-latin"],
            Self::Hyperlegible => &["atkinson-latin"],
            Self::Lexend => &["lexend-latin"],
            Self::Dyslexic => &["opendyslexic-400"],
            Self::System => &[],
        }
    }
}

/// Everything that can be chosen on `/display`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Display {
    /// Colours.
    pub theme: Theme,
    /// Size of text.
    pub size: Size,
    /// Spacing.
    pub spacing: Spacing,
    /// Letters.
    pub font: Font,
    /// Pictures.
    pub symbols: Symbols,
    /// Movement.
    pub motion: Motion,
}

impl Default for Display {
    fn default() -> Self {
        Self {
            theme: Theme::Auto,
            size: Size::Normal,
            spacing: Spacing::Normal,
            font: Font::Tandem,
            symbols: Symbols::On,
            motion: Motion::Auto,
        }
    }
}

impl Display {
    /// Reads the cookie's value; what cannot be read stays as it was designed.
    pub fn from_cookie(value: &str) -> Self {
        let mut out = Self::default();
        for part in value.split('.') {
            if let Some((name, value)) = part.split_once('-') {
                out.set(name, value);
            }
        }
        out
    }

    /// Sets one choice by its field name; anything unknown changes nothing and gives `false`.
    pub fn set(&mut self, name: &str, value: &str) -> bool {
        fn take<T: std::str::FromStr>(slot: &mut T, value: &str) -> bool {
            value.parse().map(|v| *slot = v).is_ok()
        }
        match name {
            "theme" => take(&mut self.theme, value),
            "size" => take(&mut self.size, value),
            "spacing" => take(&mut self.spacing, value),
            "font" => take(&mut self.font, value),
            "symbols" => take(&mut self.symbols, value),
            "motion" => take(&mut self.motion, value),
            _ => false,
        }
    }

    /// The cookie's value: `theme-dark.size-150.…`.
    pub fn to_cookie(self) -> String {
        format!(
            "theme-{}.size-{}.spacing-{}.font-{}.symbols-{}.motion-{}",
            self.theme, self.size, self.spacing, self.font, self.symbols, self.motion
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_comes_back_as_it_went_and_rubbish_is_harmless() {
        let mut display = Display::default();
        assert!(display.set("theme", "dark") && display.set("size", "200"));
        assert_eq!(Display::from_cookie(&display.to_cookie()), display);
        assert_eq!(Display::from_cookie("theme-x.size-.=;;"), Display::default());
    }
}
