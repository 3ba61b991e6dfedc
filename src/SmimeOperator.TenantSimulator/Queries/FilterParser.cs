using System.Globalization;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Schema;

namespace SmimeOperator.TenantSimulator.Queries;

/// <summary>A query that the service refuses, in its own words.</summary>
internal sealed class QueryException : Exception
{
    public QueryException(string message)
        : base(message)
    {
    }

    public QueryException(string message, bool unsupported)
        : base(message) => Unsupported = unsupported;

    public static QueryException UnknownType(string name) => new($"A type named '{name}' could not be resolved by the model.");

    public static QueryException UnknownSelection(string name, TypeKind type) => new(
        $"Parsing OData Select and Expand failed: Could not find a property named '{name}' on type '{type.FullName}'.");

    /// <summary>The directory has a code of its own for queries that it does not support.</summary>
    public bool Unsupported { get; }
}

/// <summary>Recursive descent over the $filter grammar that the service is known to accept.</summary>
internal sealed class FilterParser
{
    private static readonly HashSet<string> Functions =
        new(StringComparer.OrdinalIgnoreCase) { "tolower", "toupper", "startswith", "endswith", "contains" };

    private readonly CollectionKind _collection;
    private readonly FilterTokens _tokens;
    private readonly bool _ignoreCase;
    private string? _rangeVariable;

    private FilterParser(string text, CollectionKind collection)
    {
        _tokens = new FilterTokens(text);
        _collection = collection;

        // The directory compares without regard to case; Intune is not known to, so its clients must use tolower.
        _ignoreCase = collection.IsDirectory;
    }

    /// <summary>Whether the filter needs the directory's advanced queries.</summary>
    public bool IsAdvanced { get; private set; }

    public static FilterExpression Parse(string text, CollectionKind collection, out bool isAdvanced)
    {
        var parser = new FilterParser(text, collection);
        var result = parser.ParseOr();
        if (!parser._tokens.AtEnd)
        {
            throw new QueryException($"Syntax error at position {parser._tokens.Position} in '{text}'.");
        }

        isAdvanced = parser.IsAdvanced;
        return result;
    }

    private FilterExpression ParseOr()
    {
        var left = ParseAnd();
        while (_tokens.TryWord("or"))
        {
            left = new Or(left, ParseAnd());
        }

        return left;
    }

    private FilterExpression ParseAnd()
    {
        var left = ParseUnary();
        while (_tokens.TryWord("and"))
        {
            left = new And(left, ParseUnary());
        }

        return left;
    }

    private FilterExpression ParseUnary()
    {
        if (_tokens.TryWord("not"))
        {
            IsAdvanced = true;
            return new Not(ParseUnary());
        }

        var left = ParseOperand();
        foreach (var name in (string[])["eq", "ne", "gt", "ge", "lt", "le"])
        {
            if (_tokens.TryWord(name))
            {
                IsAdvanced |= name == "ne";
                var enumOrDirectory = _ignoreCase || IsEnum(left);
                return new Comparison(name, left, ParseOperand(), enumOrDirectory);
            }
        }

        return _tokens.TryWord("in") ? ParseIn(left) : left;
    }

    private In ParseIn(FilterExpression left)
    {
        _tokens.Expect("(");
        var values = new List<object?>();
        do
        {
            values.Add(ParseOperand() is Literal literal ? literal.Value : throw _tokens.Error());
        }
        while (_tokens.Try(","));
        _tokens.Expect(")");
        return new In(left, values, _ignoreCase || IsEnum(left));
    }

    private FilterExpression ParseOperand()
    {
        if (_tokens.Try("("))
        {
            var inner = ParseOr();
            _tokens.Expect(")");
            return inner;
        }

        if (_tokens.TryString(out var text))
        {
            return new Literal(text);
        }

        var word = _tokens.Word();
        if (_tokens.Peek('('))
        {
            return ParseCall(word);
        }

        // An enumeration member may be written with its type in front: microsoft.graph.x'member'.
        return _tokens.TryString(out var member) ? new Literal(member) : ParseWord(word);
    }

    private FilterExpression ParseCall(string name)
    {
        _tokens.Expect("(");
        if (string.Equals(name, "isof", StringComparison.OrdinalIgnoreCase))
        {
            var typeName = _tokens.TryString(out var quoted) ? quoted : _tokens.Word();
            _tokens.Expect(")");
            return new IsOf(GraphSchema.Current.Find(typeName)
                ?? throw new QueryException($"The child type '{typeName}' in a cast was not an entity type."));
        }

        if (name.EndsWith("/any", StringComparison.Ordinal))
        {
            return ParseAny(name[..^"/any".Length]);
        }

        if (!Functions.Contains(name))
        {
            throw new QueryException($"An unknown function with name '{name}' was found.");
        }

        var arguments = new List<FilterExpression> { ParseOperand() };
        while (_tokens.Try(","))
        {
            arguments.Add(ParseOperand());
        }

        _tokens.Expect(")");
        var function = name.ToLowerInvariant();
        if (arguments.Count != (function is "tolower" or "toupper" ? 1 : 2))
        {
            throw new QueryException($"No function signature for the function with name '{name}' matches the specified arguments.");
        }

        IsAdvanced |= function == "endswith";
        return new Call(function, arguments, _ignoreCase);
    }

    private Any ParseAny(string path)
    {
        var collection = ParsePath(path);
        if (_tokens.Try(")"))
        {
            return new Any(collection, null);
        }

        _rangeVariable = _tokens.Word();
        _tokens.Expect(":");
        var condition = ParseOr();
        _tokens.Expect(")");
        _rangeVariable = null;
        return new Any(collection, condition);
    }

    private FilterExpression ParseWord(string word)
    {
        if (word == _rangeVariable)
        {
            return new RangeVariable();
        }

        if (word is "null" or "true" or "false")
        {
            return new Literal(word switch { "true" => true, "false" => false, _ => null });
        }

        if (double.TryParse(word, CultureInfo.InvariantCulture, out var number))
        {
            return new Literal(number);
        }

        // Dates and GUIDs are written without quotes.
        return char.IsAsciiDigit(word[0]) || Guid.TryParse(word, out _) ? new Literal(word) : ParsePath(word);
    }

    private PropertyPath ParsePath(string path)
    {
        var names = path.Split('/');
        var cast = names[0].Contains('.', StringComparison.Ordinal)
            ? GraphSchema.Current.Find(names[0]) ?? throw QueryException.UnknownType(names[0])
            : null;
        var type = cast ?? _collection.Type;
        var rest = cast is null ? names : names[1..];
        if (rest.Length == 0 || !type.TryProperty(rest[0], out _))
        {
            throw new QueryException($"Could not find a property named '{rest.FirstOrDefault()}' on type '{type.FullName}'.");
        }

        return new PropertyPath(cast, rest);
    }

    private bool IsEnum(FilterExpression expression) =>
        expression is PropertyPath path
        && (path.Cast ?? _collection.Type).TryProperty(path.Names[0], out var property)
        && GraphSchema.Current.Enums.ContainsKey(property.TypeName);
}
