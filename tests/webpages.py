"""A page of the site as tests read it."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """The elements of a page: tag, attributes, text up to the next tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.elements:
            tag, attrs, text = self.elements[-1]
            self.elements[-1] = (tag, attrs, (text + data).strip())

    def texts(self, tag: str) -> list[str]:
        return [text for name, _, text in self.elements if name == tag]

    def values(self, tag: str, attribute: str) -> list[str]:
        return [
            str(attrs[attribute]) for name, attrs, _ in self.elements if name == tag and attribute in attrs
        ]
