using System.Text.RegularExpressions;
using SmimeOperator.TenantSimulator.Errors;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Schema;
using SmimeOperator.TenantSimulator.Writes;

namespace SmimeOperator.TenantSimulator.Requests;

/// <summary>Navigation properties by their own path: references to other objects, and the status summaries.</summary>
internal sealed partial class ReferenceHandler(TenantStore store, ErrorBodies errors)
{
    public GraphAnswer Read(GraphRequest request, CollectionKind kind, string id, TypeKind? cast, string name)
    {
        if (!EntityReader.TryFind(store, kind, id, out var item) || (cast is not null && !item.Type.Is(cast)))
        {
            return errors.NotFound(kind, request, id);
        }

        // Properties of a derived type exist only behind its name in the path.
        if (!(cast ?? kind.Type).TryNavigation(name, out var navigation))
        {
            return errors.BadSegment(request, name);
        }

        var context = $"{request.Root}/$metadata#{kind.Path}('{item.Id}')/{name}";
        if (navigation.IsCollection)
        {
            return new GraphAnswer(200, ObjectRenderer.Render(writer =>
            {
                writer.WriteString("@odata.context", context);
                writer.WriteStartArray("value");
                writer.WriteEndArray();
            }));
        }

        if (navigation.IsContained)
        {
            return Summary(item, navigation, context);
        }

        return Target(store, item, name) is var (targetKind, target)
            ? new GraphAnswer(200, ObjectRenderer.Render(writer =>
            {
                writer.WriteString("@odata.context", $"{request.Root}/$metadata#{targetKind.Path}/$entity");
                ObjectRenderer.WriteMembers(writer, target, targetKind, withAssignments: false);
            }))
            : errors.NotFound(kind, request, name);
    }

    public GraphAnswer Change(GraphRequest request, CollectionKind kind, string id, TypeKind? cast, string name)
    {
        if (!EntityReader.TryFind(store, kind, id, out var item) || (cast is not null && !item.Type.Is(cast)))
        {
            return errors.NotFound(kind, request, id);
        }

        if (cast is null || !cast.TryNavigation(name, out var navigation) || navigation.IsContained || navigation.IsCollection)
        {
            return errors.BadSegment(request, name);
        }

        if (request.Method == "GET")
        {
            return Target(store, item, name) is var (targetKind, target)
                ? new GraphAnswer(200, ObjectRenderer.Render(w =>
                    w.WriteString("@odata.id", $"{request.Root}/{targetKind.Path}('{target.Id}')")))
                : errors.NotFound(kind, request, name);
        }

        if (request.Method is not ("PUT" or "DELETE"))
        {
            return errors.BadSegment(request, "$ref");
        }

        var link = request.Method == "PUT" ? request.ReadBody()?["@odata.id"]?.ToString() : null;
        lock (store.Gate)
        {
            string? targetId = null;
            if (request.Method == "PUT" && !TryResolve(store, navigation, link, out targetId, out var fault))
            {
                request.Violations.Add($"{name}/$ref: {fault}");
                return errors.Intune(request, 400, "BadRequest", ErrorBodies.Opaque);
            }

            var references = targetId is null ? item.References.Remove(name) : item.References.SetItem(name, targetId);
            store.Replace(kind, item.With(TenantStore.CopyOf(item)) with { References = references });
        }

        return new GraphAnswer(204);
    }

    /// <summary>The object that a reference leads to, as long as it exists.</summary>
    public static (CollectionKind Kind, TenantObject Item)? Target(TenantStore store, TenantObject item, string name)
    {
        if (!item.References.TryGetValue(name, out var id) || !item.Type.TryNavigation(name, out var navigation))
        {
            return null;
        }

        var kind = CollectionOf(navigation);
        lock (store.Gate)
        {
            return store[kind].Find(id) is { } target ? (kind, target) : null;
        }
    }

    /// <summary>Reads a link such as https://…/deviceConfigurations('id') and checks what it leads to.</summary>
    public static bool TryResolve(TenantStore store, NavigationKind navigation, string? link, out string? id, out string? fault)
    {
        id = null;
        var kind = CollectionOf(navigation);
        var match = LinkPattern().Match(link ?? "");
        if (!match.Success || match.Groups["collection"].Value != kind.Name)
        {
            fault = $"'{link}' is not a link to {kind.Path}";
            return false;
        }

        id = match.Groups["id"].Value;
        if (store[kind].Find(id) is not { } target)
        {
            fault = $"there is no {kind.Name}('{id}')";
            return false;
        }

        var wanted = GraphSchema.Current.Types[navigation.TypeName];
        fault = target.Type.Is(wanted) ? null : $"{kind.Name}('{id}') is a {target.Type.FullName}, not a {wanted.FullName}";
        id = target.Id;
        return fault is null;
    }

    private static CollectionKind CollectionOf(NavigationKind navigation) =>
        CollectionKind.All.First(c => GraphSchema.Current.Types[navigation.TypeName].Is(c.Type));

    /// <summary>No device ever reports here: a count that nobody set is zero.</summary>
    private static GraphAnswer Summary(TenantObject item, NavigationKind navigation, string context)
    {
        var type = GraphSchema.Current.Types[navigation.TypeName];
        var properties = (System.Text.Json.Nodes.JsonObject?)item.Summaries.GetValueOrDefault(navigation.Name)?.DeepClone() ?? [];
        Defaults.Fill(type, properties);
        properties["lastUpdateDateTime"] ??= item.Text("lastModifiedDateTime");
        properties["configurationVersion"] = item.Properties["version"]?.DeepClone();
        return new GraphAnswer(200, ObjectRenderer.Render(writer =>
        {
            writer.WriteString("@odata.context", context);
            writer.WriteString("id", item.Id);
            foreach (var (name, value) in properties)
            {
                writer.WritePropertyName(name);
                ObjectRenderer.WriteValue(writer, value);
            }
        }));
    }

    [GeneratedRegex(
        @"(?:^|/)(?:deviceManagement/)?(?<collection>[A-Za-z]+)(?:\('(?<id>[^']+)'\)|/(?<id>[^/'()]+))/?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex LinkPattern();
}
