using System.Collections.Immutable;
using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Errors;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Schema;
using SmimeOperator.TenantSimulator.Writes;

namespace SmimeOperator.TenantSimulator.Requests;

/// <summary>The assign actions and the assignments behind them.</summary>
internal sealed class AssignmentWriter(TenantStore store, ErrorBodies errors)
{
    private readonly AssignmentReader _reader = new(store);

    /// <summary>POST …/assign: replaces the whole set, except what policy sets have assigned.</summary>
    public GraphAnswer Assign(GraphRequest request, CollectionKind kind, string id, TypeKind? cast)
    {
        if (kind.Assign == AssignStyle.None)
        {
            return errors.BadSegment(request, "assign");
        }

        if (kind.Assign == AssignStyle.AppConfiguration && cast is null && store.Options.StrictAssign)
        {
            return errors.NoRoute(request, "~/singleton/navigation/key/action", "/microsoft.management.services.api.assign");
        }

        var parameter = kind.Assign == AssignStyle.App ? "mobileAppAssignments" : "assignments";
        var body = request.ReadBody();
        if (body?[parameter] is not JsonArray array)
        {
            request.Violations.Add($"{parameter}: a collection is expected");
            return errors.Intune(request, 400, "BadRequest", ErrorBodies.Opaque);
        }

        var stray = body.Where(p => p.Key != parameter && !p.Key.StartsWith('@')).Select(p => p.Key).FirstOrDefault();
        if (stray is not null)
        {
            request.Violations.Add($"{stray}: the action has no such parameter");
        }

        lock (store.Gate)
        {
            if (Find(kind, id) is not { } item || (cast is not null && !item.Type.Is(cast)))
            {
                return errors.NotFound(kind, request, id);
            }

            var direct = Read(request, kind, item, array, parameter);
            if (request.Violations.Count > 0)
            {
                return errors.Intune(request, 400, "BadRequest", ErrorBodies.Opaque);
            }

            item = Keep(kind, item, [.. item.Assignments.Where(IsFromPolicySet), .. direct]);
            return kind.Assign == AssignStyle.DeviceConfiguration ? Render(request, kind, item) : new GraphAnswer(204);
        }
    }

    /// <summary>…/assignments: readable everywhere, writable one by one only for apps.</summary>
    public GraphAnswer Handle(GraphRequest request, CollectionKind kind, string id, IReadOnlyList<string> tail)
    {
        if (kind.Assign == AssignStyle.None || tail.Count > 2)
        {
            return errors.BadSegment(request, "assignments");
        }

        if (request.Method != "GET" && kind.Assign != AssignStyle.App)
        {
            return errors.NoRoute(request, "~/singleton/navigation/key/navigation", "/assignments");
        }

        lock (store.Gate)
        {
            if (Find(kind, id) is not { } item)
            {
                return errors.NotFound(kind, request, id);
            }

            var one = tail.Count == 2 ? item.Assignments.FirstOrDefault(a => (string?)a["id"] == tail[1]) : null;
            if (tail.Count == 2 && one is null)
            {
                return errors.NotFound(kind, request, tail[1]);
            }

            return (request.Method, one) switch
            {
                ("GET", null) => Render(request, kind, item),
                ("GET", _) => RenderOne(request, 200, one),
                ("POST", null) => Add(request, kind, item),
                ("DELETE", not null) => Remove(kind, item, one),
                _ => errors.NoRoute(request, "~/singleton/navigation/key/navigation", "/assignments"),
            };
        }
    }

    private List<JsonObject> Read(GraphRequest request, CollectionKind kind, TenantObject item, JsonArray array, string parameter)
    {
        var result = new List<JsonObject>();
        for (var i = 0; i < array.Count; i++)
        {
            if (_reader.Read(kind, item.Id, array[i], $"{parameter}[{i}]", request.Violations) is { } assignment)
            {
                result.Add(assignment);
            }
        }

        AssignmentReader.CheckSet(kind, result, request.Violations);
        return result;
    }

    private GraphAnswer Add(GraphRequest request, CollectionKind kind, TenantObject item)
    {
        if (_reader.Read(kind, item.Id, request.ReadBody(), "assignment", request.Violations) is not { } assignment)
        {
            return errors.Intune(request, 400, "BadRequest", ErrorBodies.Opaque);
        }

        Keep(kind, item, [.. item.Assignments.Where(a => (string?)a["id"] != (string?)assignment["id"]), assignment]);
        return RenderOne(request, 201, assignment);
    }

    private GraphAnswer Remove(CollectionKind kind, TenantObject item, JsonObject one)
    {
        Keep(kind, item, item.Assignments.Remove(one));
        return new GraphAnswer(204);
    }

    private TenantObject Keep(CollectionKind kind, TenantObject item, ImmutableArray<JsonObject> assignments)
    {
        var properties = TenantStore.CopyOf(item);
        if (kind.Assign == AssignStyle.App)
        {
            properties["isAssigned"] = assignments.Length > 0;
        }

        // An assignment is no change of the object itself: version and time stay.
        var changed = item.With(assignments, properties);
        store.Replace(kind, changed, isChange: false);
        return changed;
    }

    private TenantObject? Find(CollectionKind kind, string id) =>
        store[kind].Find(id) is { } item && store.IsVisible(item) ? item : null;

    private static bool IsFromPolicySet(JsonObject assignment) => (string?)assignment["source"] == "policySets";

    private static GraphAnswer Render(GraphRequest request, CollectionKind kind, TenantObject item) =>
        new(200, ObjectRenderer.Render(writer =>
        {
            writer.WriteString("@odata.context", $"{request.Root}/$metadata#{kind.Path}('{item.Id}')/assignments");
            writer.WriteStartArray("value");
            foreach (var assignment in item.Assignments)
            {
                assignment.WriteTo(writer);
            }

            writer.WriteEndArray();
        }));

    private static GraphAnswer RenderOne(GraphRequest request, int status, JsonObject assignment) =>
        new(status, ObjectRenderer.Render(writer =>
        {
            writer.WriteString("@odata.context", $"{request.Root}/$metadata#assignments/$entity");
            foreach (var (name, value) in assignment)
            {
                writer.WritePropertyName(name);
                ObjectRenderer.WriteValue(writer, value);
            }
        }));
}
