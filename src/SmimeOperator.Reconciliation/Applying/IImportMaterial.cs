using SmimeOperator.Certificates;
using SmimeOperator.Intune.Models;

namespace SmimeOperator.Reconciliation;

/// <summary>Key material for imports, read at the moment it is sent and at no other.</summary>
internal interface IImportMaterial
{
    /// <summary>Composes what is uploaded for a certificate.</summary>
    Task<ImportUpload> ComposeAsync(string thumbprint, CancellationToken cancellationToken);
}

/// <summary>What is uploaded; cleared as soon as it was sent.</summary>
internal sealed class ImportUpload(UploadPackage package, UserPfxCertificate body, string userId) : IDisposable
{
    public UserPfxCertificate Body { get; } = body;

    public string UserId { get; } = userId;

    public void Dispose() => package.Dispose();
}
