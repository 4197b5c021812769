"""The article page of a paper that keeps its text out of its feed.

The story stands between what such pages are full of (navigation, advertising, a newsletter box,
most-read lists), so that taking the text out of the page is real work.
"""

from __future__ import annotations

from html import escape
from string import Template

from bot.demo.stories import Release
from bot.demo.syndication import paragraphs

_PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>$title | $outlet</title>
<link rel="canonical" href="$canonical">
<meta property="og:type" content="article">
<meta property="og:title" content="$title">
<meta property="og:site_name" content="$outlet">
<meta property="article:published_time" content="$published">
<script>window.adQueue = [{slot: "top", size: [970, 250]}];</script>
</head>
<body>
<div class="cookie-banner" role="dialog"><p>We and our 814 partners value your privacy.</p>
<button>Accept all</button><button>Manage choices</button></div>
<header class="site-header"><a href="/">$outlet</a>
<nav><ul><li><a href="/home-news">Home news</a></li><li><a href="/money">Money</a></li>
<li><a href="/sport">Sport</a></li><li><a href="/puzzles">Puzzles</a></li></ul></nav></header>
<aside class="ad"><p>Advertisement</p><p>Half-price conservatories at Pemberly Glass!</p></aside>
<main><article>
<h1>$title</h1>
<p class="standfirst">$teaser</p>
<time datetime="$published">$shown</time>
<div class="article-body">
$body
</div>
</article></main>
<aside class="newsletter"><h2>The Sentinel at Seven</h2>
<form><label>Our newsletter, every morning <input type="email"></label>
<button>Sign up</button></form></aside>
<aside class="related"><h2>Most read</h2><ul><li><a href="/a">Which kettle is for you?</a></li>
<li><a href="/b">Ten walks that end at a pie</a></li></ul></aside>
<footer><p>© $outlet. Printed on recycled paper.</p>
<a href="/contact">Contact us</a> <a href="/terms">Terms of use</a></footer>
</body>
</html>
""")


def article_page(release: Release) -> str:
    """The HTML page of a release. Its canonical address is the story's own URL."""
    story = release.story
    return _PAGE.substitute(
        title=escape(story.title),
        outlet=escape(story.source),
        canonical=escape(story.url),
        published=story.published.isoformat(),
        shown=f"{story.published:%A %d %B %Y, %H:%M}",
        teaser=escape(release.teaser),
        body=paragraphs(story.text),
    )
