using SmimeOperator.TenantSimulator.Errors;
using SmimeOperator.TenantSimulator.Faults;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Queries;
using SmimeOperator.TenantSimulator.Schema;

namespace SmimeOperator.TenantSimulator.Requests;

/// <summary>Finds out what a path means, and who answers it.</summary>
internal sealed class GraphRouter(TenantStore store, ErrorBodies errors)
{
    private readonly ListReader _lists = new(store, errors);
    private readonly EntityReader _reader = new(store, errors);
    private readonly EntityWriter _writer = new(store, errors);
    private readonly AssignmentWriter _assignments = new(store, errors);
    private readonly ReferenceHandler _references = new(store, errors);
    private readonly MemberReader _members = new(store, errors);
    private readonly MembershipCheck _memberships = new(store, errors);
    private readonly DirectoryLookup _lookup = new(store, errors);

    /// <summary>Names the collection and gives the path template for counts.</summary>
    public static void Describe(GraphRequest request, out CollectionKind? collection)
    {
        var segments = request.Segments;
        collection = null;
        if (segments.Count == 0)
        {
            return;
        }

        if (segments is ["directoryObjects", "getByIds"])
        {
            collection = CollectionKind.Find("users");
            request.Template = "/directoryObjects/getByIds";
            return;
        }

        var start = segments[0] is "deviceManagement" or "deviceAppManagement" ? 1 : 0;
        if (segments.Count <= start || CollectionKind.Find(segments[start]) is not { } found || !Fits(found, segments, start))
        {
            request.Template = "/" + segments[0] + (segments.Count > 1 ? "/…" : "");
            return;
        }

        if (found.IsBetaOnly && request.Version != "beta")
        {
            return;
        }

        collection = found;
        var rest = segments.Skip(start + 1).Select((s, i) => IsKeyPosition(segments, start + 1 + i, start) ? "{id}" : s);
        request.Template = $"/{found.Path}{string.Concat(rest.Select(r => "/" + r))}";
    }

    public GraphAnswer Handle(GraphRequest request, CollectionKind? collection, ActiveFault? fault)
    {
        if (collection is null)
        {
            var unknown = request.Segments.Count > 1 && request.Segments[0] is "deviceManagement" or "deviceAppManagement"
                ? request.Segments[1]
                : request.Segments.Count > 0 ? request.Segments[0] : "";
            return errors.BadSegment(request, unknown);
        }

        try
        {
            if (request.Segments[0] == "directoryObjects")
            {
                return _lookup.GetByIds(request);
            }

            var rest = request.Segments.Skip(collection.Root.Length == 0 ? 1 : 2).ToList();
            return Route(request, collection, rest, fault);
        }
        catch (QueryException exception)
        {
            var code = (collection.IsDirectory, exception.Unsupported) switch
            {
                (true, true) => "Request_UnsupportedQuery",
                (true, false) => "Request_BadRequest",
                _ => "BadRequest",
            };
            return errors.Plain(request, 400, code, exception.Message);
        }
    }

    private GraphAnswer Route(GraphRequest request, CollectionKind collection, List<string> rest, ActiveFault? fault)
    {
        if (rest.Count == 0 || (rest.Count == 1 && rest[0].Contains("graph.", StringComparison.Ordinal)))
        {
            if (!TryCast(collection, rest.ElementAtOrDefault(0), out var listCast))
            {
                return errors.BadSegment(request, rest[0]);
            }

            return request.Method switch
            {
                "GET" => _lists.List(request, collection, listCast, fault),
                "POST" => _writer.Create(request, collection),
                _ => errors.BadSegment(request, collection.Name),
            };
        }

        var id = rest[0];
        var cast = rest.Count > 1 && rest[1].Contains("graph.", StringComparison.Ordinal) ? rest[1] : null;
        if (!TryCast(collection, cast, out var type))
        {
            return errors.BadSegment(request, cast!);
        }

        var tail = rest.Skip(cast is null ? 1 : 2).ToList();
        return (request.Method, tail) switch
        {
            ("GET", []) => _reader.Get(request, collection, id, type),
            ("PATCH", []) => _writer.Patch(request, collection, id),
            ("DELETE", []) => _writer.Delete(request, collection, id),
            ("POST", ["assign"]) => _assignments.Assign(request, collection, id, type),
            (_, ["assignments", ..]) => _assignments.Handle(request, collection, id, tail),
            ("POST", ["getHealthMetrics" or "getHealthMetricTimeSeries"]) when collection.Name == "certificateConnectorDetails" =>
                EntityReader.Empty(request),
            (_, [var name, "$ref"]) => _references.Change(request, collection, id, type, name),
            ("POST", ["checkMemberGroups"]) when collection.Name == "users" => _memberships.Check(request, id),
            ("GET", ["members" or "transitiveMembers", ..]) when collection.Name == "groups" => _members.List(request, id, tail),
            ("GET", [var name]) => _references.Read(request, collection, id, type, name),
            _ => errors.BadSegment(request, tail.FirstOrDefault() ?? id),
        };
    }

    private static bool TryCast(CollectionKind collection, string? name, out TypeKind? type)
    {
        type = name is null ? null : GraphSchema.Current.Find(name);
        return name is null || (type is not null && type.Is(collection.Type));
    }

    private static bool Fits(CollectionKind collection, IReadOnlyList<string> segments, int start) =>
        start == 0 ? collection.Root.Length == 0 : string.Equals(collection.Root, segments[0], StringComparison.OrdinalIgnoreCase);

    private static bool IsKeyPosition(IReadOnlyList<string> segments, int index, int start) =>
        (index == start + 1 && !segments[index].Contains("graph.", StringComparison.Ordinal))
        || (index > start + 1 && segments[index - 1] == "assignments");
}
