using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Errors;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Tokens;

namespace SmimeOperator.TenantSimulator.Requests;

/// <summary>users/{id}/checkMemberGroups: which of some groups a user is in, groups in groups included.</summary>
internal sealed class MembershipCheck(TenantStore store, ErrorBodies errors)
{
    private const int MostIds = 20;

    public GraphAnswer Check(GraphRequest request, string id)
    {
        var (users, groups) = (CollectionKind.Find("users")!, CollectionKind.Find("groups")!);
        // The user's own permission was checked on the way here; it takes the one of groups too.
        var accepted = Permissions.Accepted(groups, write: false);
        if (request.Caller.Roles is { } roles && !accepted.Any(roles.Contains))
        {
            return errors.Plain(request, 403, "Authorization_RequestDenied",
                "Insufficient privileges to complete the operation. Application must have one of the following scopes: " + string.Join(", ", accepted));
        }

        if (request.ReadBody()?["groupIds"] is not JsonArray ids)
        {
            return errors.Plain(request, 400, "Request_BadRequest", "A value is required for property 'groupIds' of resource 'CheckMemberGroups'.");
        }

        if (ids.Count > MostIds)
        {
            return errors.Plain(request, 400, "Request_BadRequest", $"Too many ids, at most {MostIds} are allowed.");
        }

        var names = ids.Select(i => i?.ToString() ?? "").ToList();
        if (names.Find(n => !Guid.TryParse(n, out _)) is { } malformed)
        {
            return errors.Plain(request, 400, "Request_BadRequest", $"Invalid object identifier '{malformed}'.");
        }

        if (!EntityReader.TryFind(store, users, id, out var user))
        {
            return errors.NotFound(users, request, id);
        }

        List<string> mine;
        lock (store.Gate)
        {
            mine = names.FindAll(n => store[groups].Find(n) is { } group && store.IsVisible(group) && MemberReader.MayLook(request, group)
                && GroupMembers.Of(store, group, transitive: true).Exists(m => m.Item == user));
        }

        return new GraphAnswer(200, ObjectRenderer.Render(writer =>
        {
            writer.WriteString("@odata.context", $"{request.Root}/$metadata#Collection(Edm.String)");
            writer.WriteStartArray("value");
            mine.ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
        }));
    }
}
