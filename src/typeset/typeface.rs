//! The typefaces that GB/T 9704 asks for, under the names that fonts have, and which of a machine's fonts to take.

use std::fmt;

/// A typeface of GB/T 9704-2012.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Typeface {
    /// 仿宋, for the text.
    FangSong,
    /// 小标宋, for the title and the red head.
    XiaoBiaoSong,
    /// 黑体, for headings.
    Hei,
    /// 楷体, for subheadings.
    Kai,
    /// 宋体, for page numbers.
    Song,
}

impl Typeface {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::FangSong, Self::XiaoBiaoSong, Self::Hei, Self::Kai, Self::Song];

    /// Its Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FangSong => "仿宋",
            Self::XiaoBiaoSong => "小标宋",
            Self::Hei => "黑体",
            Self::Kai => "楷体",
            Self::Song => "宋体",
        }
    }

    /// Families that are this typeface, best first: those that agencies have on Windows, 麒麟 and 统信, those of macOS,
    /// the free Fandol.
    const fn own(self) -> &'static [&'static str] {
        match self {
            Self::FangSong => &[
                "仿宋_GB2312",
                "FangSong_GB2312",
                "CESI仿宋-GB2312",
                "CESI_FS_GB2312",
                "方正仿宋_GBK",
                "FZFangSong-Z02",
                "方正仿宋简体",
                "FZFangSong-Z02S",
                "仿宋",
                "FangSong",
                "华文仿宋",
                "STFangsong",
                "FandolFang R",
                "FandolFang",
            ],
            Self::XiaoBiaoSong => &[
                "方正小标宋简体",
                "FZXiaoBiaoSong-B05S",
                "方正小标宋_GBK",
                "FZXiaoBiaoSong-B05",
                "CESI小标宋-GB2312",
                "CESI_XBS_GB2312",
            ],
            Self::Hei => &[
                "黑体",
                "SimHei",
                "CESI黑体-GB2312",
                "CESI_HT_GB2312",
                "方正黑体_GBK",
                "FZHei-B01",
                "方正黑体简体",
                "FZHei-B01S",
                "华文黑体",
                "STHeiti",
                "FandolHei",
            ],
            Self::Kai => &[
                "楷体_GB2312",
                "KaiTi_GB2312",
                "CESI楷体-GB2312",
                "CESI_KT_GB2312",
                "方正楷体_GBK",
                "FZKai-Z03",
                "方正楷体简体",
                "FZKai-Z03S",
                "楷体",
                "KaiTi",
                "华文楷体",
                "STKaiti",
                "FandolKai",
                "AR PL UKai CN",
            ],
            Self::Song => &[
                "宋体",
                "SimSun",
                "新宋体",
                "NSimSun",
                "CESI宋体-GB2312",
                "CESI_SS_GB2312",
                "方正书宋_GBK",
                "FZShuSong-Z01",
                "方正书宋简体",
                "FZShuSong-Z01S",
                "华文宋体",
                "STSong",
                "FandolSong",
                "AR PL UMing CN",
            ],
        }
    }

    /// Families that look most like it, best first.
    const fn substitutes(self) -> &'static [&'static str] {
        match self {
            Self::XiaoBiaoSong => &[
                "华文中宋",
                "STZhongsong",
                "Noto Serif CJK SC",
                "思源宋体",
                "Source Han Serif SC",
                "Source Han Serif CN",
                "Noto Serif SC",
                "FandolSong",
            ],
            Self::Hei => &[
                "Noto Sans CJK SC",
                "思源黑体",
                "Source Han Sans SC",
                "Source Han Sans CN",
                "Noto Sans SC",
                "微软雅黑",
                "Microsoft YaHei",
                "PingFang SC",
                "文泉驿正黑",
                "WenQuanYi Zen Hei",
            ],
            Self::FangSong | Self::Kai | Self::Song => &[],
        }
    }

    /// The weight of the face to take from a family with several.
    const fn weight(self) -> u16 {
        if matches!(self, Self::XiaoBiaoSong) { 700 } else { 400 }
    }
}

impl fmt::Display for Typeface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Families with many characters, the last of every chain; the first one found is taken.
const LAST: [&str; 17] = [
    "Noto Serif CJK SC",
    "思源宋体",
    "Source Han Serif SC",
    "Source Han Serif CN",
    "Noto Serif SC",
    "宋体",
    "SimSun",
    "Songti SC",
    "Noto Sans CJK SC",
    "思源黑体",
    "Source Han Sans SC",
    "微软雅黑",
    "Microsoft YaHei",
    "PingFang SC",
    "文泉驿正黑",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
];

/// Families for characters outside the basic plane, as 𠮷; the first one found ends every chain.
const RARE: [&str; 5] = ["宋体-ExtB", "SimSun-ExtB", "MingLiU-ExtB", "HanaMinB", "BabelStone Han"];

/// A face on the machine, as far as it is known before its file is read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Names of its family, in every language it has them.
    pub families: Vec<String>,
    /// 400 is normal, 700 bold.
    pub weight: u16,
    /// Neither italic nor oblique.
    pub upright: bool,
}

/// A face to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// Where it stands in the list.
    pub at: usize,
    /// What it is for; `None` for the end of every chain.
    pub typeface: Option<Typeface>,
    /// Whether it is that typeface, not only like it.
    pub own: bool,
}

/// The faces that letters need, each typeface's first, of all that a machine has; empty if it has none known by name.
///
/// ```
/// # #[cfg(feature = "pdf")] {
/// use gongkai::typeset::{Listed, Typeface, choose};
///
/// let face = |name: &str| Listed { families: vec![name.to_owned()], weight: 400, upright: true };
/// let chosen = choose(&[face("Arial"), face("FangSong")]);
/// assert_eq!((chosen.len(), chosen[0].at, chosen[0].typeface), (1, 1, Some(Typeface::FangSong)));
/// # }
/// ```
#[must_use]
pub fn choose(listed: &[Listed]) -> Vec<Chosen> {
    let mut chosen = vec![];
    for typeface in Typeface::ALL {
        let own = first(listed, typeface.own(), typeface.weight());
        let like = || first(listed, typeface.substitutes(), typeface.weight());
        if let Some(at) = own.or_else(like) {
            chosen.push(Chosen { at, typeface: Some(typeface), own: own.is_some() });
        }
    }
    for families in [&LAST[..], &RARE[..]] {
        let at = first(listed, families, 400);
        chosen.extend(at.map(|at| Chosen { at, typeface: None, own: false }));
    }
    chosen
}

/// The first family that is there, in the weight nearest to the wanted one.
fn first(listed: &[Listed], families: &[&str], weight: u16) -> Option<usize> {
    families.iter().find_map(|family| {
        let named = |face: &Listed| {
            face.upright && face.families.iter().any(|name| name.to_lowercase() == family.to_lowercase())
        };
        let faces = listed.iter().enumerate().filter(|(_, face)| named(face));
        faces.min_by_key(|(at, face)| (face.weight.abs_diff(weight), *at)).map(|(at, _)| at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(name: &str, weight: u16) -> Listed {
        Listed { families: vec![name.to_owned()], weight, upright: true }
    }

    #[test]
    fn windows_needs_no_fallback_but_for_the_title() {
        let names = ["SimSun", "SimSun-ExtB", "SimHei", "KaiTi", "FangSong", "STZhongsong", "Arial"];
        let listed: Vec<Listed> = names.iter().map(|name| face(name, 400)).collect();
        let chosen = choose(&listed);
        let likes: Vec<usize> =
            chosen.iter().filter(|face| face.typeface.is_some() && !face.own).map(|face| face.at).collect();
        assert_eq!(likes, [5]);
        let ends: Vec<usize> =
            chosen.iter().filter(|face| face.typeface.is_none()).map(|face| face.at).collect();
        assert_eq!(ends, [0, 1]);
    }

    #[test]
    fn the_title_takes_the_bold_face_of_a_family_and_the_text_the_normal_one() {
        let listed = [face("Noto Serif CJK SC", 700), face("Noto Serif CJK SC", 400)];
        let chosen = choose(&listed);
        assert_eq!(
            chosen,
            [
                Chosen { at: 0, typeface: Some(Typeface::XiaoBiaoSong), own: false },
                Chosen { at: 1, typeface: None, own: false }
            ]
        );
    }

    #[test]
    fn a_slanted_face_and_a_font_by_another_name_are_not_taken() {
        let slanted = Listed { upright: false, ..face("仿宋", 400) };
        assert_eq!(choose(&[slanted, face("Arial", 400)]), []);
    }
}
