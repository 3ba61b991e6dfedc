using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Errors;
using SmimeOperator.TenantSimulator.Objects;

namespace SmimeOperator.TenantSimulator.Requests;

/// <summary>directoryObjects/getByIds.</summary>
internal sealed class DirectoryLookup(TenantStore store, ErrorBodies errors)
{
    private const int MostIds = 1000;

    public GraphAnswer GetByIds(GraphRequest request)
    {
        if (request.Method != "POST" || request.ReadBody()?["ids"] is not JsonArray ids)
        {
            return errors.Plain(request, 400, "Request_BadRequest", "A value is required for property 'ids' of resource 'GetByIds'.");
        }

        if (ids.Count > MostIds)
        {
            return errors.Plain(request, 400, "Request_BadRequest", $"Too many ids, at most {MostIds} are allowed.");
        }

        var types = (request.ReadBody()?["types"] as JsonArray)?.Select(t => t?.ToString()).ToList();
        var found = new List<(CollectionKind Kind, TenantObject Item)>();
        lock (store.Gate)
        {
            foreach (var id in ids.Select(i => i?.ToString() ?? ""))
            {
                foreach (var kind in CollectionKind.All.Where(c => c.IsDirectory && types?.Contains(c.TypeName) != false))
                {
                    if (store[kind].Find(id) is { } item && store.IsVisible(item))
                    {
                        found.Add((kind, item));
                    }
                }
            }
        }

        return new GraphAnswer(200, ObjectRenderer.Render(writer =>
        {
            writer.WriteString("@odata.context", $"{request.Root}/$metadata#directoryObjects");
            writer.WriteStartArray("value");
            foreach (var (kind, item) in found)
            {
                writer.WriteStartObject();
                writer.WriteString("@odata.type", item.Type.ODataType);
                ObjectRenderer.WriteMembers(writer, item, kind, withAssignments: false);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }));
    }
}
