using System.Diagnostics.CodeAnalysis;
using SmimeOperator.TenantSimulator.Errors;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Queries;
using SmimeOperator.TenantSimulator.Schema;

namespace SmimeOperator.TenantSimulator.Requests;

/// <summary>Answers single objects.</summary>
internal sealed class EntityReader(TenantStore store, ErrorBodies errors)
{
    public GraphAnswer Get(GraphRequest request, CollectionKind kind, string id, TypeKind? cast)
    {
        var query = QueryOptions.Parse(request, kind, cast);
        if (!TryFind(store, kind, id, out var item) || (cast is not null && !item.Type.Is(cast)))
        {
            return errors.NotFound(kind, request, id);
        }

        var expand = query.Expand.Contains("assignments") && !store.Options.OmitExpandedAssignments;
        var body = ObjectRenderer.Render(writer =>
        {
            writer.WriteString("@odata.context", $"{request.Root}/$metadata#{kind.Path}/$entity");
            new SelectiveRenderer(store).WriteMembers(writer, item, kind, query, expand);
        });
        return new GraphAnswer(200, body);
    }

    public static GraphAnswer Empty(GraphRequest request) => new(200, ObjectRenderer.Render(writer =>
    {
        writer.WriteString("@odata.context", $"{request.Root}/$metadata#{string.Join('/', request.Segments)}");
        writer.WriteStartArray("value");
        writer.WriteEndArray();
    }));

    /// <summary>Finds an object that readers may see; a user also by the principal name.</summary>
    public static bool TryFind(TenantStore store, CollectionKind kind, string id, [NotNullWhen(true)] out TenantObject? item)
    {
        lock (store.Gate)
        {
            item = store[kind].Find(id);
            if (item is null && kind.Name == "users")
            {
                item = store[kind].Candidates("userPrincipalName", [id])!.FirstOrDefault();
            }

            if (item is not null && !store.IsVisible(item))
            {
                item = null;
            }

            return item is not null;
        }
    }
}
