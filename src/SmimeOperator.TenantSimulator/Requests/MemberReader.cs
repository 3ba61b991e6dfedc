using System.Text.Json;
using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Errors;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Queries;
using SmimeOperator.TenantSimulator.Schema;
using SmimeOperator.TenantSimulator.Tokens;

namespace SmimeOperator.TenantSimulator.Requests;

/// <summary>Answers groups/{id}/members and /transitiveMembers, of all kinds or of one.</summary>
internal sealed class MemberReader(TenantStore store, ErrorBodies errors)
{
    private const int LargestPage = 999;

    public GraphAnswer List(GraphRequest request, string id, List<string> tail)
    {
        var groups = CollectionKind.Find("groups")!;
        if (tail.Count > 2 || !TryCast(tail.ElementAtOrDefault(1), out var kind))
        {
            return errors.BadSegment(request, tail[^1]);
        }

        if (!EntityReader.TryFind(store, groups, id, out var group))
        {
            return errors.NotFound(groups, request, id);
        }

        // Without a cast nothing but what all kinds share can be asked for by name.
        var query = QueryOptions.Parse(request, kind ?? groups, null);
        if (Refusal(group, kind, query) is { } refusal)
        {
            throw new QueryException(refusal, unsupported: true);
        }

        List<(CollectionKind Kind, TenantObject Item)> members;
        lock (store.Gate)
        {
            members = MayLook(request, group) ? GroupMembers.Of(store, group, tail[0] == "transitiveMembers") : [];
        }

        members.RemoveAll(m => kind is not null && m.Kind != kind);
        var size = Math.Min(query.Top is { } top and > 0 ? top : store.Options.PageSize, Math.Max(LargestPage, store.Options.PageSize));
        var page = members.Skip((int)query.Continuation).Take(size).ToList();
        var end = (int)query.Continuation + page.Count;
        return new GraphAnswer(200, ObjectRenderer.Render(writer =>
        {
            writer.WriteString("@odata.context", $"{request.Root}/$metadata#{kind?.Name ?? "directoryObjects"}");
            if (query.Count)
            {
                writer.WriteNumber("@odata.count", members.Count);
            }

            if (end < members.Count)
            {
                writer.WriteString("@odata.nextLink", ListReader.Link(
                    request, request.Query.Where(q => q.Key != "$skiptoken").Append(new("$skiptoken", QueryOptions.WriteToken(query.Page + 1, end)))));
            }

            writer.WriteStartArray("value");
            page.ForEach(m => Write(writer, request, m.Kind, m.Item, query, withType: kind is null));
            writer.WriteEndArray();
        }));
    }

    /// <summary>Whether a caller may see who is in a group. One who may not see hidden memberships is not told so: the group looks empty.</summary>
    public static bool MayLook(GraphRequest request, TenantObject group) =>
        group.Text("visibility") != "HiddenMembership" || request.Caller.Roles is not { } roles || roles.Contains(Permissions.HiddenMembers);

    private static string? Refusal(TenantObject group, CollectionKind? kind, QueryOptions query)
    {
        if (query is not { Filter: null, Search: null, OrderBy: null })
        {
            return "The specified filter to the reference property query is currently not supported.";
        }

        if (kind is not null && !query.Count)
        {
            return "An OData cast is not supported for this query without 'ConsistencyLevel: eventual' and $count=true.";
        }

        var isUnified = group.Properties["groupTypes"] is JsonArray types && types.Any(t => (string?)t == "Unified");
        return isUnified && kind is { Name: not "users" } ? $"The specified cast to {kind.TypeName} is not supported: a Microsoft 365 group has no such members." : null;
    }

    private static bool TryCast(string? name, out CollectionKind? kind)
    {
        var type = name is null ? null : GraphSchema.Current.Find(name);
        kind = type is null ? null : CollectionKind.All.FirstOrDefault(c => c.Type == type && c.Name is "users" or "groups" or "devices");
        return name is null || kind is not null;
    }

    // Of members of a kind that the caller may not read, kind and id are shown, and nothing else.
    private static void Write(Utf8JsonWriter writer, GraphRequest request, CollectionKind kind, TenantObject item, QueryOptions query, bool withType)
    {
        var mayRead = request.Caller.Roles is not { } roles || Permissions.Accepted(kind, write: false).Any(roles.Contains);
        writer.WriteStartObject();
        if (withType)
        {
            writer.WriteString("@odata.type", item.Type.ODataType);
        }

        foreach (var property in query.Select?.Select(s => s.Property.Name) ?? item.Type.Properties.Select(p => p.Name))
        {
            if (mayRead || property == "id")
            {
                if (item.Type.TryProperty(property, out var own))
                {
                    ObjectRenderer.WriteProperty(writer, item, own);
                }
            }
            else
            {
                writer.WriteNull(property);
            }
        }

        writer.WriteEndObject();
    }
}
