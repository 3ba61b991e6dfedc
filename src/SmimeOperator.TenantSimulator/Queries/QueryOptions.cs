using System.Globalization;
using System.Text;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Requests;
using SmimeOperator.TenantSimulator.Schema;

namespace SmimeOperator.TenantSimulator.Queries;

/// <summary>A property named in $select, with the derived type that it was asked of.</summary>
internal sealed record Selected(TypeKind? Cast, PropertyKind Property);

/// <summary>The OData query options of one request.</summary>
internal sealed record QueryOptions
{
    public FilterExpression? Filter { get; init; }

    public IReadOnlyList<Selected>? Select { get; init; }

    public IReadOnlyList<string> Expand { get; init; } = [];

    public string? OrderBy { get; init; }

    public bool Descending { get; init; }

    public string? Search { get; init; }

    public int? Top { get; init; }

    public int Skip { get; init; }

    public bool Count { get; init; }

    /// <summary>One for the first page.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Where the page before ended: a sequence number, or a position when the list is ordered by a property.</summary>
    public long Continuation { get; init; }

    public static string WriteToken(int page, long continuation) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(FormattableString.Invariant($"{page}:{continuation}")))
            .TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static int PageOf(string token) => TryReadToken(token, out var page, out _) ? page : 1;

    public static QueryOptions Parse(GraphRequest request, CollectionKind collection, TypeKind? cast)
    {
        var options = new QueryOptions();
        var advanced = false;
        foreach (var (name, value) in request.Query)
        {
            options = name.ToLowerInvariant() switch
            {
                "$filter" => options with { Filter = FilterParser.Parse(value, collection, out advanced) },
                "$select" => options with { Select = ParseSelect(value, collection, cast) },
                "$expand" => options with { Expand = ParseExpand(value, collection, cast) },
                "$orderby" => options.WithOrder(value, collection),
                "$search" => options with { Search = value.Trim('"') },
                "$top" => options with { Top = Number(name, value) },
                "$skip" => options with { Skip = Number(name, value) },
                "$count" => options with { Count = value == "true" },
                "$skiptoken" => options.WithToken(value),
                ['$', ..] => throw new QueryException($"The query parameter '{name}' is not supported."),
                _ => options,
            };
        }

        if (collection.IsDirectory)
        {
            options = options.DemandAdvanced(request, advanced);
        }

        return options;
    }

    /// <summary>Values of an indexed property of which the filter admits no other; null when the whole collection must be walked.</summary>
    public IReadOnlyList<TenantObject>? Narrow(ObjectCollection collection) => Filter is null ? null : Narrow(Filter, collection);

    private static List<TenantObject>? Narrow(FilterExpression filter, ObjectCollection collection) => filter switch
    {
        And and => Narrow(and.Left, collection) ?? Narrow(and.Right, collection),
        Or or => Narrow(or.Left, collection) is { } left && Narrow(or.Right, collection) is { } right
            ? [.. left.Union(right).OrderBy(o => o.Sequence)]
            : null,
        Comparison { Operator: "eq", Right: Literal { Value: string value } } equality when Plain(equality.Left) is { } name =>
            collection.Candidates(name, [value]),
        In membership when Plain(membership.Left) is { } name && membership.Values.All(v => v is string) =>
            collection.Candidates(name, membership.Values.Cast<string>()),
        _ => null,
    };

    private static string? Plain(FilterExpression expression) => expression switch
    {
        PropertyPath { Cast: null, Names: [var name] } => name,
        Call { Name: "tolower" or "toupper", Arguments: [PropertyPath { Cast: null, Names: [var name] }] } => name,
        _ => null,
    };

    private static List<Selected> ParseSelect(string text, CollectionKind collection, TypeKind? cast)
    {
        var result = new List<Selected>();
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var slash = item.IndexOf('/', StringComparison.Ordinal);
            var derived = slash < 0
                ? cast
                : GraphSchema.Current.Find(item[..slash])
                    ?? throw QueryException.UnknownType(item[..slash]);
            var type = derived ?? collection.Type;
            var name = item[(slash + 1)..];
            result.Add(type.TryProperty(name, out var property)
                ? new Selected(derived, property)
                : throw QueryException.UnknownSelection(name, type));
        }

        return result;
    }

    private static List<string> ParseExpand(string text, CollectionKind collection, TypeKind? cast)
    {
        var type = cast ?? collection.Type;
        var result = new List<string>();
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var name = item.Split('(')[0];
            name = name[(name.LastIndexOf('/') + 1)..];
            if (!type.TryNavigation(name, out _))
            {
                throw QueryException.UnknownSelection(name, type);
            }

            result.Add(name);
        }

        return result;
    }

    private static int Number(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new QueryException(
                $"Invalid value '{text}' for {name} query option found. It requires a non-negative integer value.");

    private QueryOptions WithOrder(string text, CollectionKind collection)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > 2 || !collection.Type.TryProperty(words[0], out _))
        {
            throw new QueryException($"Could not find a property named '{text}' on type '{collection.Type.FullName}'.");
        }

        return this with { OrderBy = words[0], Descending = words.Length > 1 && words[1] == "desc" };
    }

    private QueryOptions WithToken(string text) => TryReadToken(text, out var page, out var continuation)
        ? this with { Page = page, Continuation = continuation }
        : throw new QueryException("Skip token is invalid.");

    private static bool TryReadToken(string text, out int page, out long continuation)
    {
        (page, continuation) = (1, 0);
        var base64 = text.Replace('-', '+').Replace('_', '/');
        var bytes = new byte[64];
        if (!Convert.TryFromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='), bytes, out var length))
        {
            return false;
        }

        var token = Encoding.ASCII.GetString(bytes, 0, length).Split(':');
        return token.Length == 2
            && int.TryParse(token[0], NumberStyles.None, CultureInfo.InvariantCulture, out page)
            && long.TryParse(token[1], NumberStyles.None, CultureInfo.InvariantCulture, out continuation);
    }

    // A count that is asked for without the header is left out without a word.
    private QueryOptions DemandAdvanced(GraphRequest request, bool advanced)
    {
        var eventual = string.Equals(request.Header("ConsistencyLevel"), "eventual", StringComparison.OrdinalIgnoreCase);
        if (Search is not null && !eventual)
        {
            throw new QueryException(
                "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
                unsupported: true);
        }

        if ((advanced || (Filter is not null && OrderBy is not null)) && !(eventual && Count))
        {
            throw new QueryException(
                "Operator or sorting not supported for this query without 'ConsistencyLevel: eventual' and $count=true.",
                unsupported: true);
        }

        return this with { Count = Count && eventual };
    }
}
