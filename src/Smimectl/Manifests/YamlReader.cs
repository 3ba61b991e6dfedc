using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Smimectl;

/// <summary>The text is no YAML that a manifest may be written in.</summary>
internal sealed class YamlProblemException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}

/// <summary>
/// Reads the documents of a YAML file into trees that know their lines. Bounded in depth and size, so that no file, however it was made,
/// costs more than its length. Messages quote nothing of the file: it may be a Secret.
/// </summary>
internal sealed partial class YamlReader
{
    private const int MaxDepth = 64;
    private const int MaxNodes = 500_000;

    private readonly Parser _parser;
    private readonly Dictionary<string, (YamlTree Tree, int Size)> _anchors = [];
    private int _nodes;

    private YamlReader(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>The documents; empty ones are left out.</summary>
    /// <exception cref="YamlProblemException">The file cannot be read.</exception>
    public static IReadOnlyList<YamlTree> Read(string text)
    {
        var reader = new YamlReader(text);
        try
        {
            return reader.Documents();
        }
        catch (YamlException fault)
        {
            throw new YamlProblemException((int)fault.Start.Line, "no valid YAML: " + WithoutQuotes(fault.Message));
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            // The parser lets a few of its own slips through for input that nobody writes on purpose.
            throw new YamlProblemException((int)(reader._parser.Current?.Start.Line ?? 1), "no valid YAML");
        }
    }

    /// <summary>A tool's message without what it quotes of a file.</summary>
    public static string WithoutQuotes(string message) => Quoted().Replace(message, "'…'");

    private List<YamlTree> Documents()
    {
        var documents = new List<YamlTree>();
        _parser.Consume<StreamStart>();
        while (!_parser.Accept<StreamEnd>(out _))
        {
            _parser.Consume<DocumentStart>();
            _anchors.Clear();
            var tree = Node(0);
            _parser.Consume<DocumentEnd>();
            if (tree is not YamlText { IsPlain: true, Value: "" or "~" or "null" })
            {
                documents.Add(tree);
            }
        }

        return documents;
    }

    private YamlTree Node(int depth)
    {
        var line = (int)(_parser.Current?.Start.Line ?? 1);
        if (depth > MaxDepth)
        {
            throw new YamlProblemException(line, $"nested deeper than {MaxDepth} levels");
        }

        var before = _nodes;
        Count(1, line);
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            if (!_anchors.TryGetValue(alias.Value.Value, out var known))
            {
                throw new YamlProblemException((int)alias.Start.Line, "an alias (*) stands here without an anchor (&) before it; put text that begins with * in quotes");
            }

            Count(known.Size, line);
            return known.Tree;
        }

        var anchor = (_parser.Current as NodeEvent)?.Anchor ?? AnchorName.Empty;
        var tree = Content(depth);
        if (!anchor.IsEmpty)
        {
            _anchors[anchor.Value] = (tree, _nodes - before);
        }

        return tree;
    }

    private YamlTree Content(int depth)
    {
        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            return new YamlText(scalar.Value, scalar.Style == ScalarStyle.Plain, (int)scalar.Start.Line);
        }

        if (_parser.TryConsume<SequenceStart>(out var sequence))
        {
            var items = new List<YamlTree>();
            while (!_parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Node(depth + 1));
            }

            return new YamlList(items, (int)sequence.Start.Line);
        }

        var mapping = _parser.Consume<MappingStart>();
        var entries = new List<(YamlText, YamlTree)>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (Node(depth + 1) is not YamlText key)
            {
                throw new YamlProblemException((int)mapping.Start.Line, "a field's name must be text");
            }

            if (!keys.Add(key.Value))
            {
                throw new YamlProblemException(key.Line, "a field is written twice");
            }

            entries.Add((key, Node(depth + 1)));
        }

        return new YamlMap(entries, (int)mapping.Start.Line);
    }

    // An alias counts as often as it is used: a few lines could stand for billions otherwise.
    private void Count(int nodes, int line)
    {
        _nodes += nodes;
        if (_nodes > MaxNodes)
        {
            throw new YamlProblemException(line, $"more than {MaxNodes} values in one file");
        }
    }

    [GeneratedRegex("['\"].{2,}?['\"]", RegexOptions.CultureInvariant | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();
}
