using System.Buffers;
using System.Text;
using System.Text.Json;
using SmimeOperator.TenantSimulator.Errors;
using SmimeOperator.TenantSimulator.Faults;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Queries;
using SmimeOperator.TenantSimulator.Schema;

namespace SmimeOperator.TenantSimulator.Requests;

/// <summary>Answers lists page by page.</summary>
internal sealed class ListReader(TenantStore store, ErrorBodies errors)
{
    public GraphAnswer List(GraphRequest request, CollectionKind kind, TypeKind? cast, ActiveFault? fault)
    {
        var query = QueryOptions.Parse(request, kind, cast);
        if (query.Expand.Any(e => e != "assignments" && cast is null))
        {
            return errors.BadSegment(request, query.Expand[0]);
        }

        Page page;
        lock (store.Gate)
        {
            var collection = store[kind];
            IReadOnlyList<TenantObject> items = fault?.Picture is { } picture
                ? picture[kind.Name]
                : query.Narrow(collection) ?? collection.Items;
            page = Cut(items, kind, cast, query);
        }

        var writer = new ArrayBufferWriter<byte>(4096);
        WriteHead(writer, request, kind, query, page, fault?.Rule.NextLinkLoop == true);
        var shown = page.Items.Take(fault?.Rule.RepeatObjects ?? 0).Concat(page.Items.Skip(fault?.Rule.SkipObjects ?? 0));
        var isFirst = true;
        foreach (var item in shown)
        {
            if (!isFirst)
            {
                writer.Write(","u8);
            }

            isFirst = false;
            WriteItem(writer, item, kind, query);
        }

        writer.Write("]}"u8);
        return new GraphAnswer(200, writer.WrittenMemory);
    }

    private Page Cut(IReadOnlyList<TenantObject> items, CollectionKind kind, TypeKind? cast, QueryOptions query)
    {
        // The directory grants pages of its clients' choosing; Intune's are as large as they are.
        var most = kind.IsDirectory ? Math.Max(999, store.Options.PageSize) : store.Options.PageSize;
        var size = query.Top is { } top and > 0 ? Math.Min(top, most) : store.Options.PageSize;
        var now = store.Now;

        bool Matches(TenantObject item) =>
            item.VisibleFrom <= now
            && (cast is null || item.Type.Is(cast))
            && (query.Filter is null || query.Filter.Holds(item))
            && (query.Search is null || Search(item, query.Search));

        var count = query.Count ? items.Count(Matches) : 0;
        return query.OrderBy is null ? Continue() : Sorted();

        Page Continue()
        {
            var position = query.Continuation == 0 ? 0 : ObjectCollection.PositionAfter(items, query.Continuation);
            var skip = query.Continuation == 0 ? query.Skip : 0;
            var result = new List<TenantObject>(Math.Min(size, 1000));
            for (; position < items.Count; position++)
            {
                if (!Matches(items[position]) || skip-- > 0)
                {
                    continue;
                }

                if (result.Count == size)
                {
                    return new Page(result, result[^1].Sequence, count);
                }

                result.Add(items[position]);
            }

            return new Page(result, null, count);
        }

        Page Sorted()
        {
            var all = items.Where(Matches).OrderBy(i => i.Text(query.OrderBy!), StringComparer.OrdinalIgnoreCase).ToList();
            if (query.Descending)
            {
                all.Reverse();
            }

            var start = query.Continuation == 0 ? query.Skip : (int)query.Continuation;
            var result = all.Skip(start).Take(size).ToList();
            return new Page(result, start + result.Count < all.Count ? start + result.Count : null, count);
        }
    }

    private static bool Search(TenantObject item, string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (property, value) = colon < 0 ? ("displayName", text) : (text[..colon], text[(colon + 1)..]);
        return item.Text(property)?.Contains(value, StringComparison.OrdinalIgnoreCase) ?? false;
    }

    private static void WriteHead(
        IBufferWriter<byte> writer, GraphRequest request, CollectionKind kind, QueryOptions query, Page page, bool loop)
    {
        var context = query.Select is null
            ? ""
            : $"({string.Join(',', query.Select.Select(s => s.Property.Name))})";
        Write(writer, "{\"@odata.context\":", $"{request.Root}/$metadata#{kind.Path}{context}");
        if (query.Count)
        {
            Encoding.UTF8.GetBytes(FormattableString.Invariant($",\"@odata.count\":{page.Count}"), writer);
        }

        if (loop)
        {
            Write(writer, ",\"@odata.nextLink\":", Link(request, request.Query));
        }
        else if (page.Continuation is { } continuation)
        {
            var rest = request.Query.Where(q => q.Key is not ("$skiptoken" or "$skip"))
                .Append(new("$skiptoken", QueryOptions.WriteToken(query.Page + 1, continuation)));
            Write(writer, ",\"@odata.nextLink\":", Link(request, rest));
        }

        writer.Write(",\"value\":["u8);
    }

    /// <summary>The address of another page of what was asked for.</summary>
    public static string Link(GraphRequest request, IEnumerable<KeyValuePair<string, string>> query) =>
        $"{request.Origin}{Uri.EscapeDataString(request.Path).Replace("%2F", "/", StringComparison.Ordinal)}?"
        + string.Join('&', query.Select(q => $"{q.Key}={Uri.EscapeDataString(q.Value)}"));

    private static void Write(IBufferWriter<byte> writer, string name, string value)
    {
        Encoding.UTF8.GetBytes(name, writer);
        writer.Write("\""u8);
        writer.Write(JsonEncodedText.Encode(value, ObjectRenderer.WriterOptions.Encoder).EncodedUtf8Bytes);
        writer.Write("\""u8);
    }

    private void WriteItem(IBufferWriter<byte> writer, TenantObject item, CollectionKind kind, QueryOptions query)
    {
        var expand = query.Expand.Contains("assignments") && !store.Options.OmitExpandedAssignments;
        var references = query.Expand.Any(e => e != "assignments");
        writer.Write(query.Select is null && !references
            ? ObjectRenderer.Render(item, kind, expand)
            : new SelectiveRenderer(store).Render(item, kind, query, expand));
    }

    private sealed record Page(IReadOnlyList<TenantObject> Items, long? Continuation, int Count);
}
