using SmimeOperator.Certificates;
using SmimeOperator.Intune.Models;

namespace SmimeOperator.Reconciliation;

/// <summary>Key material for imports, read at the moment it is sent and at no other.</summary>
internal interface IImportMaterial
{
    /// <summary>Composes what is uploaded for a certificate.</summary>
    /// <param name="thumbprint">The certificate.</param>
    /// <param name="withKey">False where nothing is sent: everything but the key material, which nobody needs then.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<ImportUpload> ComposeAsync(string thumbprint, bool withKey, CancellationToken cancellationToken);
}

/// <summary>What is uploaded; cleared as soon as it was sent.</summary>
internal sealed class ImportUpload(UploadPackage? package, UserPfxCertificate body, string userId) : IDisposable
{
    public UserPfxCertificate Body { get; } = body;

    public string UserId { get; } = userId;

    public void Dispose() => package?.Dispose();
}
