using System.Net;
using System.Text;

namespace Smimectl;

/// <summary>Writes HTML in which no text can become markup: whatever is passed as text or as an attribute's value is encoded.</summary>
internal sealed class Html
{
    private static readonly HashSet<string> Void = new(["meta", "link"], StringComparer.Ordinal);

    private readonly StringBuilder _page = new();

    /// <summary>Markup of our own, never of others.</summary>
    public Html Raw(string markup)
    {
        _page.Append(markup);
        return this;
    }

    public Html Text(string? text)
    {
        _page.Append(Encode(text));
        return this;
    }

    /// <summary>An element with attributes and content.</summary>
    public Html Tag(string name, IReadOnlyList<(string Name, string? Value)> attributes, Action content)
    {
        Open(name, attributes);
        if (!Void.Contains(name))
        {
            content();
            _page.Append("</").Append(name).Append('>');
        }

        return this;
    }

    public Html Element(string name, string? @class, Action content) => Tag(name, @class is null ? [] : [("class", @class)], content);

    public Html Element(string name, string? @class, string? text) => Element(name, @class, () => Text(text));

    public Html Empty(string name, params IReadOnlyList<(string Name, string? Value)> attributes) => Tag(name, attributes, () => { });

    public override string ToString() => _page.ToString();

    private void Open(string name, IReadOnlyList<(string Name, string? Value)> attributes)
    {
        _page.Append('<').Append(name);
        foreach (var (attribute, value) in attributes)
        {
            if (value is not null)
            {
                _page.Append(' ').Append(attribute).Append("=\"").Append(Encode(value)).Append('"');
            }
        }

        _page.Append('>');
    }

    private static string Encode(string? text) => WebUtility.HtmlEncode(SafeText.OneLine(text ?? ""));
}
