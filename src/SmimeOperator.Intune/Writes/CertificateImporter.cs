using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Kiota.Abstractions;
using SmimeOperator.Intune.Models;

namespace SmimeOperator.Intune;

/// <summary>
/// Imports certificates and deletes them. A record has a natural key, so that a lost answer can be cleared up here: what was
/// imported is found by user and thumbprint.
/// </summary>
internal sealed class CertificateImporter(
    GraphSender sender, GraphRequests requests, SnapshotStore store, IntuneOptions options, TimeProvider time, long epoch, ILogger logger)
{
    private string Address => requests.Beta + SnapshotReader.CertificatePath;

    /// <summary>Imports a certificate, or replaces the record that its natural key has already.</summary>
    public async Task<Written<ImportedCertificate>> ImportAsync(
        UserPfxCertificate body, string userId, RequestLane lane, CancellationToken cancellationToken)
    {
        var id = ImportedCertificate.IdOf(userId, body.Thumbprint);
        var json = GraphBody.Serialize(body);
        var subject = $"certificate {body.Thumbprint} of {body.UserPrincipalName}";
        var clientRequestId = Known(id) is { } known
            ? await ReplaceOrPostAsync(known.Id, json, body, subject, lane, cancellationToken)
            : await PostAsync(id, json, body, subject, lane, cancellationToken);
        var imported = new ImportedCertificate(
            Known(id)?.Id ?? id,
            body.UserPrincipalName,
            body.Thumbprint,
            body.IntendedPurpose,
            body.StartDateTime,
            body.ExpirationDateTime,
            body.ProviderName,
            body.KeyName,
            body.PaddingScheme);
        store.Put(imported, time.GetElapsedTime(epoch));
        return new Written<ImportedCertificate>(imported, clientRequestId);
    }

    /// <summary>Deletes an imported certificate by its natural key.</summary>
    public async Task<Written<string>> DeleteAsync(string id, RequestLane lane, CancellationToken cancellationToken)
    {
        var call = GraphCall.Change("delete-userPfxCertificates", $"Deleting imported certificate {id}", lane);
        await sender.DeleteAsync(call, $"{Address}/{Uri.EscapeDataString(id)}", cancellationToken);
        store.RemoveCertificate(id, time.GetElapsedTime(epoch));
        return new Written<string>(id, call.ClientRequestId);
    }

    private ImportedCertificate? Known(string id) => store.Current?.CertificatesByUser.GetValueOrDefault(id[..Math.Min(32, id.Length)])
        ?.FirstOrDefault(c => string.Equals(c.Id, id, StringComparison.OrdinalIgnoreCase));

    private async Task<string> PostAsync(
        string id, byte[] json, UserPfxCertificate body, string subject, RequestLane lane, CancellationToken cancellationToken)
    {
        // Only a whole list can say that nobody had this key before us, so that a record which carries our data is ours.
        var wasAbsent = store.Current is { } current && !current.Faults.ContainsKey(SnapshotPart.ImportedCertificates);
        for (var tries = 1; ; tries++)
        {
            var call = GraphCall.Make("create-userPfxCertificates", "Importing " + subject, lane);
            try
            {
                await sender.SendAsync(call, () => GraphRequests.WithBody(Method.POST, Address, json), ReadRecordAsync, cancellationToken);
                return call.ClientRequestId;
            }
            catch (TenantException e) when (e.Kind == FaultKind.Conflict)
            {
                return await PatchAsync(id, json, subject, lane, cancellationToken);
            }
            catch (TenantException e) when (e.Kind == FaultKind.OutcomeUnknown && tries < options.Tries)
            {
                Log.LookingUpImport(logger, id);
                if (await FindAsync(body, subject, cancellationToken) is { } found)
                {
                    return wasAbsent && IsOurs(found, body) ? call.ClientRequestId : await PatchAsync(found.Id, json, subject, lane, cancellationToken);
                }
            }
        }
    }

    private async Task<string> ReplaceOrPostAsync(
        string id, byte[] json, UserPfxCertificate body, string subject, RequestLane lane, CancellationToken cancellationToken)
    {
        try
        {
            return await PatchAsync(id, json, subject, lane, cancellationToken);
        }
        catch (TenantException e) when (e.Kind == FaultKind.NotFound)
        {
            return await PostAsync(id, json, body, subject, lane, cancellationToken);
        }
    }

    private async Task<string> PatchAsync(string id, byte[] json, string subject, RequestLane lane, CancellationToken cancellationToken)
    {
        var call = GraphCall.Change("update-userPfxCertificates", "Replacing imported " + subject, lane);
        await sender.SendAsync(
            call, () => GraphRequests.WithBody(Method.PATCH, $"{Address}/{Uri.EscapeDataString(id)}", json), GraphJson.ReadIfAnyAsync, cancellationToken);
        return call.ClientRequestId;
    }

    private async Task<ImportedCertificate?> FindAsync(UserPfxCertificate body, string subject, CancellationToken cancellationToken)
    {
        var filter = $"tolower(userPrincipalName) eq {OData.Literal(body.UserPrincipalName.ToLowerInvariant())}"
            + $" and tolower(thumbprint) eq {OData.Literal(body.Thumbprint.ToLowerInvariant())}";
        var address = OData.Query(Address, ("filter", filter));
        var call = GraphCall.Read("find-userPfxCertificates", "Looking up " + subject);
        ImportedCertificate? found = null;
        await sender.SendAsync(
            call,
            () => GraphRequests.Get(address),
            (stream, token) => CertificatePageParser.ReadAsync(stream, new StringPool(), c => found = c, token),
            cancellationToken);
        return found;
    }

    private static bool IsOurs(ImportedCertificate found, UserPfxCertificate body) =>
        string.Equals(found.Thumbprint, body.Thumbprint, StringComparison.OrdinalIgnoreCase)
        && string.Equals(found.IntendedPurpose, body.IntendedPurpose, StringComparison.OrdinalIgnoreCase)
        && found.KeyName == body.KeyName
        && found.ProviderName == body.ProviderName
        && string.Equals(found.PaddingScheme, body.PaddingScheme, StringComparison.OrdinalIgnoreCase);

    // Blob and password come back empty, and the key is known: all that there is to learn is that it was the service that answered.
    private static async ValueTask<JsonElement> ReadRecordAsync(Stream body, CancellationToken cancellationToken) =>
        await GraphJson.ReadIfAnyAsync(body, cancellationToken) is { ValueKind: JsonValueKind.Object } record ? record : throw new JsonException("The answer is no record.");
}
