//! A tree for html5ever to build: nodes in one list, each knowing its parent and children by number.

use std::borrow::Cow;
use std::cell::{Ref, RefCell};

use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, ParseOpts, QualName, expanded_name, local_name, ns, parse_document};

/// What a node is.
#[derive(Debug)]
pub(super) enum Kind {
    /// The document, a comment, a fragment: no content of its own.
    Other,
    Text(String),
    Element {
        name: QualName,
        attributes: Vec<Attribute>,
    },
}

/// One node of a tree.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) kind: Kind,
    pub(super) children: Vec<usize>,
    parent: Option<usize>,
    /// Nodes above it, when it was put there.
    depth: usize,
}

/// A page as the parser of browsers reads it. Node 0 is the document.
#[derive(Debug)]
pub(super) struct Tree(pub(super) Vec<Slot>);

/// Characters that are parsed between two looks at the depth.
const PIECE: usize = 4096;

/// Parses a whole page, `<noscript>` as a reader without scripts sees it; nothing if it is nested deeper than `deepest`,
/// which would take the parser a time that grows with the square of the depth.
pub(super) fn parse(html: &str, deepest: usize) -> Option<Tree> {
    let sink = Sink(RefCell::new(Slots {
        all: vec![],
        nameless: QualName::new(None, ns!(), local_name!("")),
        deepest: 0,
    }));
    sink.add(Kind::Other);
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
        ..ParseOpts::default()
    };
    let mut parser = parse_document(sink, options);
    let mut rest = html;
    while !rest.is_empty() {
        let end = rest.char_indices().nth(PIECE).map_or(rest.len(), |(end, _)| end);
        parser.process(StrTendril::from(&rest[..end]));
        rest = &rest[end..];
        if parser.tokenizer.sink.sink.0.borrow().deepest > deepest {
            return None;
        }
    }
    Some(parser.finish())
}

impl Tree {
    /// The first `<main>`, in the order of the page.
    pub(super) fn main(&self) -> Option<usize> {
        self.0.iter().position(|slot| match &slot.kind {
            Kind::Element { name, .. } => name.expanded() == expanded_name!(html "main"),
            _ => false,
        })
    }
}

/// The tree while it is built.
struct Sink(RefCell<Slots>);

struct Slots {
    all: Vec<Slot>,
    /// What asks for the name of a node without one.
    nameless: QualName,
    deepest: usize,
}

impl Sink {
    fn add(&self, kind: Kind) -> usize {
        let slots = &mut self.0.borrow_mut().all;
        slots.push(Slot { kind, children: vec![], parent: None, depth: 0 });
        slots.len() - 1
    }

    /// Puts a node or characters at a place among the children of a parent.
    fn insert(&self, parent: usize, at: usize, child: NodeOrText<usize>) {
        let node = match child {
            NodeOrText::AppendNode(node) => {
                let at = at - self.detach(node, parent, at);
                self.link(parent, at, node);
                return;
            }
            NodeOrText::AppendText(text) => {
                let mut slots = self.0.borrow_mut();
                let slots = &mut slots.all;
                let before = at.checked_sub(1).and_then(|at| slots[parent].children.get(at).copied());
                if let Some(before) = before
                    && let Kind::Text(all) = &mut slots[before].kind
                {
                    all.push_str(&text);
                    return;
                }
                let kind = Kind::Text(text.to_string());
                slots.push(Slot { kind, children: vec![], parent: None, depth: 0 });
                slots.len() - 1
            }
        };
        self.link(parent, at, node);
    }

    fn link(&self, parent: usize, at: usize, node: usize) {
        let mut slots = self.0.borrow_mut();
        let depth = slots.all[parent].depth + 1;
        slots.deepest = slots.deepest.max(depth);
        slots.all[node].parent = Some(parent);
        slots.all[node].depth = depth;
        slots.all[parent].children.insert(at, node);
    }

    /// Takes a node from where it is. Says 1 where that was before place `at` of `parent`, which moves up.
    fn detach(&self, node: usize, parent: usize, at: usize) -> usize {
        let slots = &mut self.0.borrow_mut().all;
        let Some(old) = slots[node].parent.take() else { return 0 };
        let Some(was) = slots[old].children.iter().position(|child| *child == node) else { return 0 };
        slots[old].children.remove(was);
        usize::from(old == parent && was < at)
    }

    fn end(&self, parent: usize) -> usize {
        self.0.borrow().all[parent].children.len()
    }
}

impl TreeSink for Sink {
    type Handle = usize;
    type Output = Tree;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Tree {
        Tree(self.0.into_inner().all)
    }

    /// Pages are read as browsers read them, mistakes included.
    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> usize {
        0
    }

    fn elem_name<'a>(&'a self, target: &'a usize) -> Ref<'a, QualName> {
        Ref::map(self.0.borrow(), |slots| match &slots.all[*target].kind {
            Kind::Element { name, .. } => name,
            _ => &slots.nameless,
        })
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _flags: ElementFlags) -> usize {
        self.add(Kind::Element { name, attributes })
    }

    fn create_comment(&self, _text: StrTendril) -> usize {
        self.add(Kind::Other)
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> usize {
        self.add(Kind::Other)
    }

    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        self.insert(*parent, self.end(*parent), child);
    }

    fn append_based_on_parent_node(&self, element: &usize, previous: &usize, child: NodeOrText<usize>) {
        let has_parent = self.0.borrow().all[*element].parent.is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public: StrTendril, _system: StrTendril) {}

    /// What stands in a `<template>` is shown nowhere: a node that hangs on nothing.
    fn get_template_contents(&self, _target: &usize) -> usize {
        self.add(Kind::Other)
    }

    fn same_node(&self, a: &usize, b: &usize) -> bool {
        a == b
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &usize, node: NodeOrText<usize>) {
        let place = {
            let slots = &self.0.borrow().all;
            slots[*sibling].parent.and_then(|parent| {
                slots[parent].children.iter().position(|child| child == sibling).map(|at| (parent, at))
            })
        };
        if let Some((parent, at)) = place {
            self.insert(parent, at, node);
        }
    }

    fn add_attrs_if_missing(&self, target: &usize, more: Vec<Attribute>) {
        if let Kind::Element { attributes, .. } = &mut self.0.borrow_mut().all[*target].kind {
            for attribute in more {
                if attributes.iter().all(|known| known.name != attribute.name) {
                    attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &usize) {
        self.detach(*target, 0, 0);
    }

    fn reparent_children(&self, node: &usize, new_parent: &usize) {
        let children = std::mem::take(&mut self.0.borrow_mut().all[*node].children);
        let slots = &mut self.0.borrow_mut().all;
        for child in &children {
            slots[*child].parent = Some(*new_parent);
        }
        slots[*new_parent].children.extend(children);
    }
}
