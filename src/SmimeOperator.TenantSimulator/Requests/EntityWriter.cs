using System.Collections.Immutable;
using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Errors;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Schema;
using SmimeOperator.TenantSimulator.Writes;

namespace SmimeOperator.TenantSimulator.Requests;

/// <summary>Creates, changes and deletes objects.</summary>
internal sealed class EntityWriter(TenantStore store, ErrorBodies errors)
{
    public GraphAnswer Create(GraphRequest request, CollectionKind kind)
    {
        if (!kind.Writable)
        {
            return Forbidden(request, kind);
        }

        if (!TryReadTyped(request, kind, null, out var body, out var type, out var refused))
        {
            return refused;
        }

        var write = BodyReader.Read(type, body, ownId: null);
        lock (store.Gate)
        {
            ObjectRules.Check(store, kind, type, write, existing: null);
            var references = Bind(write);
            if (IsRefused(request, write))
            {
                return Opaque(request, kind);
            }

            return kind.Name == "userPfxCertificates"
                ? CreateImport(request, kind, type, write)
                : Created(request, kind, Keep(kind, type, write, references));
        }
    }

    public GraphAnswer Patch(GraphRequest request, CollectionKind kind, string id)
    {
        // An issuer of derived credentials cannot be changed through Graph, only made anew.
        if (!kind.Writable || kind.Name == "derivedCredentials")
        {
            return Forbidden(request, kind);
        }

        if (!EntityReader.TryFind(store, kind, id, out var item))
        {
            return errors.NotFound(kind, request, id);
        }

        if (!TryReadTyped(request, kind, item, out var body, out var type, out var refused))
        {
            return refused;
        }

        var write = BodyReader.Read(type, body, item.Id);
        lock (store.Gate)
        {
            if (store[kind].Find(item.Id) is not { } current)
            {
                return errors.NotFound(kind, request, id);
            }

            ObjectRules.Check(store, kind, type, write, current);
            var references = Bind(write);
            if (IsRefused(request, write))
            {
                return Opaque(request, kind);
            }

            item = Change(kind, current, write, references);
        }

        return store.Options.PatchAnswer == PatchAnswer.NoContent
            ? new GraphAnswer(204)
            : new GraphAnswer(200, RenderEntity(request, kind, item));
    }

    public GraphAnswer Delete(GraphRequest request, CollectionKind kind, string id)
    {
        if (!kind.Writable)
        {
            return Forbidden(request, kind);
        }

        lock (store.Gate)
        {
            var removed = store[kind].Remove(id);
            if (removed)
            {
                store.Changed();
            }

            // Imported certificates: success even for keys that nobody knows.
            if (kind.Name == "userPfxCertificates")
            {
                return new GraphAnswer(204);
            }

            if (!removed)
            {
                return errors.NotFound(kind, request, id);
            }
        }

        var isConfiguration = kind.Name is "mobileAppConfigurations" or "deviceConfigurations";
        return new GraphAnswer(isConfiguration && store.Options.DeleteAnswer == DeleteAnswer.Ok ? 200 : 204);
    }

    private TenantObject Keep(CollectionKind kind, TypeKind type, WriteBody write, ImmutableDictionary<string, string> references)
    {
        ObjectRules.Derive(type, write.Properties);
        return store.Add(kind, type, store.NewGuid().ToString(), write.Properties, o => o with { References = references });
    }

    private GraphAnswer CreateImport(GraphRequest request, CollectionKind kind, TypeKind type, WriteBody write)
    {
        var user = store["users"].Candidates("userPrincipalName", [(string)write.Properties["userPrincipalName"]!])!.First();
        var id = $"{user.Id.Replace("-", "", StringComparison.Ordinal)}-{write.Properties["thumbprint"]}";
        var pfx = TakePfx(write.Properties, null);
        if (store[kind].Find(id) is not null)
        {
            if (store.Options.DuplicateImport == DuplicateImport.Conflict)
            {
                return errors.Intune(request, 409, "Conflict", "The record already exists");
            }

            store[kind].Remove(id);
        }

        return Created(request, kind, store.Add(kind, type, id, write.Properties, o => o with { Pfx = pfx }));
    }

    private TenantObject Change(
        CollectionKind kind, TenantObject current, WriteBody write, ImmutableDictionary<string, string> references)
    {
        var properties = TenantStore.CopyOf(current);
        var pfx = kind.Name == "userPfxCertificates" ? TakePfx(write.Properties, current.Pfx) : current.Pfx;
        foreach (var (name, value) in write.Properties)
        {
            properties[name] = value?.DeepClone();
        }

        var item = current.With(properties) with { References = current.References.SetItems(references), Pfx = pfx };
        store.Replace(kind, item);
        return item;
    }

    /// <summary>Takes the secret fields out of a record; what stays is what every reader gets to see.</summary>
    private StoredPfx TakePfx(JsonObject properties, StoredPfx? before)
    {
        var blob = properties["encryptedPfxBlob"] is { } b ? Convert.FromBase64String((string)b!) : before?.Blob ?? [];
        var password = properties["encryptedPfxPassword"] is { } p ? Decode((string)p!) : before?.EncryptedPassword ?? [];
        var padding = (string?)properties["paddingScheme"] ?? before?.PaddingScheme ?? "none";
        properties["encryptedPfxBlob"] = "AA==";
        properties["encryptedPfxPassword"] = "";
        return store.MakePfx(blob, password, padding);
    }

    private static byte[] Decode(string text)
    {
        var buffer = new byte[(text.Length * 3 / 4) + 3];
        return Convert.TryFromBase64String(text, buffer, out var length) ? buffer[..length] : System.Text.Encoding.UTF8.GetBytes(text);
    }

    private ImmutableDictionary<string, string> Bind(WriteBody write)
    {
        var references = ImmutableDictionary<string, string>.Empty;
        foreach (var (navigation, link) in write.Bindings)
        {
            if (ReferenceHandler.TryResolve(store, navigation, link, out var id, out var fault))
            {
                references = references.SetItem(navigation.Name, id!);
            }
            else
            {
                write.Violations.Add($"{navigation.Name}@odata.bind: {fault}");
            }
        }

        return references;
    }

    private bool IsRefused(GraphRequest request, WriteBody write)
    {
        request.Violations.AddRange(write.Violations);
        return write.Violations.Exists(v => store.Options.ReadOnlyWrites == ReadOnlyWrites.Reject
            || !v.EndsWith(BodyReader.ReadOnlyMark, StringComparison.Ordinal));
    }

    private bool TryReadTyped(
        GraphRequest request,
        CollectionKind kind,
        TenantObject? existing,
        out JsonObject body,
        out TypeKind type,
        out GraphAnswer refused)
    {
        body = request.ReadBody() ?? [];
        type = existing?.Type ?? kind.Type;
        refused = Opaque(request, kind);
        if (request.BodyType is null && body.Count == 0)
        {
            request.Violations.Add("the body is no JSON object");
            return false;
        }

        if (request.BodyType is null)
        {
            if (kind.IsPolymorphic)
            {
                request.Violations.Add($"@odata.type is missing, {kind.Type.FullName} is abstract");
                return false;
            }

            return true;
        }

        var named = GraphSchema.Current.Find(request.BodyType);
        if (named is null || named.IsAbstract || !named.Is(kind.Type) || (existing is not null && named != existing.Type))
        {
            request.Violations.Add($"@odata.type {request.BodyType} does not fit {existing?.Type.FullName ?? kind.Type.FullName}");
            refused = errors.Plain(
                request,
                400,
                "BadRequest",
                $"A type named '{request.BodyType.TrimStart('#')}' could not be resolved by the model."
                    + " When a model is available, each type name must resolve to a valid type.");
            return false;
        }

        type = named;
        return true;
    }

    private GraphAnswer Opaque(GraphRequest request, CollectionKind kind) =>
        errors.For(kind, request, 400, "BadRequest", ErrorBodies.Opaque);

    private GraphAnswer Forbidden(GraphRequest request, CollectionKind kind) => kind.IsDirectory
        ? errors.Plain(request, 403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
        : errors.NoRoute(request, "~/singleton/navigation", "");

    private static GraphAnswer Created(GraphRequest request, CollectionKind kind, TenantObject item) =>
        new(201, RenderEntity(request, kind, item))
        {
            Headers = [new("Location", $"{request.Root}/{kind.Path}('{item.Id}')")],
        };

    private static byte[] RenderEntity(GraphRequest request, CollectionKind kind, TenantObject item) =>
        ObjectRenderer.Render(writer =>
        {
            writer.WriteString("@odata.context", $"{request.Root}/$metadata#{kind.Path}/$entity");
            ObjectRenderer.WriteMembers(writer, item, kind, withAssignments: false);
        });
}
