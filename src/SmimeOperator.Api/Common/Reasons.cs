namespace SmimeOperator.Api;

/// <summary>The reasons of all conditions and events: one closed list. docs/reasons.md explains each.</summary>
public static class Reasons
{
    // Ready=True and neutral states

    /// <summary>The tenant equals the spec.</summary>
    public const string InSync = "InSync";

    /// <summary>spec.suspend is set; nothing is read or changed.</summary>
    public const string Suspended = "Suspended";

    /// <summary>Work is in hand.</summary>
    public const string Progressing = "Progressing";

    /// <summary>The resource is being deleted.</summary>
    public const string Deleting = "Deleting";

    // Waiting: passes by itself

    /// <summary>The service asked to slow down; work goes on when it allows.</summary>
    public const string Throttled = "Throttled";

    /// <summary>The service or the network does not answer; work goes on when it does.</summary>
    public const string ServiceUnavailable = "ServiceUnavailable";

    /// <summary>A resource, Secret or ConfigMap that is referred to is not there (yet).</summary>
    public const string ReferenceNotFound = "ReferenceNotFound";

    /// <summary>A resource that is referred to is not ready.</summary>
    public const string DependencyNotReady = "DependencyNotReady";

    /// <summary>Something still refers to the resource that is to be deleted.</summary>
    public const string InUse = "InUse";

    /// <summary>The user is not in the directory (yet).</summary>
    public const string UserNotFound = "UserNotFound";

    /// <summary>The user was there and is deleted from the directory.</summary>
    public const string UserDeleted = "UserDeleted";

    /// <summary>The tenant could not be read whole; nothing is changed on a partial picture.</summary>
    public const string TenantReadIncomplete = "TenantReadIncomplete";

    /// <summary>The Tenant is ReadOnly: there is something to do and it is not done.</summary>
    public const string ReadOnly = "ReadOnly";

    /// <summary>The certificate is not valid yet; it is imported when it is.</summary>
    public const string NotYetValid = "NotYetValid";

    // Stalled: a person must act

    /// <summary>The spec asks for something that contradicts itself or cannot be.</summary>
    public const string InvalidSpec = "InvalidSpec";

    /// <summary>A source cannot be read: it is broken, or not what it is said to be.</summary>
    public const string SourceInvalid = "SourceInvalid";

    /// <summary>The password does not open the source.</summary>
    public const string WrongPassword = "WrongPassword";

    /// <summary>The source holds no private key for its certificate.</summary>
    public const string PrivateKeyMissing = "PrivateKeyMissing";

    /// <summary>The private key does not belong to the certificate.</summary>
    public const string KeyMismatch = "KeyMismatch";

    /// <summary>The source uses a cipher or a type of key that cannot be read or used.</summary>
    public const string SourceUnsupported = "SourceUnsupported";

    /// <summary>The source is larger, or takes longer to open, than is allowed.</summary>
    public const string SourceLimitExceeded = "SourceLimitExceeded";

    /// <summary>Re-encoding is forbidden, and the file cannot be uploaded as it is.</summary>
    public const string EncodingRefused = "EncodingRefused";

    /// <summary>A certificate for signing has expired.</summary>
    public const string CertificateExpired = "CertificateExpired";

    /// <summary>The key is too small, or of a type that S/MIME does not use.</summary>
    public const string WeakKey = "WeakKey";

    /// <summary>The certificate was signed by its issuer with a hash that nobody trusts any more.</summary>
    public const string WeakSignature = "WeakSignature";

    /// <summary>The certificate does not name this user.</summary>
    public const string IdentityMismatch = "IdentityMismatch";

    /// <summary>The certificate does not suit the purpose.</summary>
    public const string PurposeMismatch = "PurposeMismatch";

    /// <summary>The connector key cannot be used.</summary>
    public const string ConnectorKeyInvalid = "ConnectorKeyInvalid";

    /// <summary>The token lacks a permission.</summary>
    public const string PermissionMissing = "PermissionMissing";

    /// <summary>The credentials were refused.</summary>
    public const string CredentialsInvalid = "CredentialsInvalid";

    /// <summary>The token belongs to another tenant than the spec pins.</summary>
    public const string WrongTenant = "WrongTenant";

    /// <summary>The Tenant does not allow this namespace to refer to it.</summary>
    public const string NamespaceNotAllowed = "NamespaceNotAllowed";

    /// <summary>More than one object matches and none may be picked by guess.</summary>
    public const string AmbiguousMatch = "AmbiguousMatch";

    /// <summary>A group, filter or app that the spec names is not in the tenant.</summary>
    public const string NotFoundInTenant = "NotFoundInTenant";

    /// <summary>Two resources contradict each other, or claim the same object.</summary>
    public const string Conflict = "Conflict";

    /// <summary>The service refused the request.</summary>
    public const string Rejected = "Rejected";

    /// <summary>The change would take something from people and was not asked for by the spec.</summary>
    public const string DisruptiveChangeHeld = "DisruptiveChangeHeld";

    /// <summary>More deletions than the Tenant's guard allows.</summary>
    public const string GuardTripped = "GuardTripped";

    /// <summary>The same correction was accepted three times without effect.</summary>
    public const string NotConverging = "NotConverging";

    // Drift

    /// <summary>The tenant differs from what was last applied.</summary>
    public const string DriftDetected = "DriftDetected";

    /// <summary>Drift was found and repaired.</summary>
    public const string DriftCorrected = "DriftCorrected";

    /// <summary>The tenant is as last applied.</summary>
    public const string NoDrift = "NoDrift";

    // The kinds' own conditions

    /// <summary>Everything that was looked for is there.</summary>
    public const string Met = "Met";

    /// <summary>Something that was looked for is missing; the message names it.</summary>
    public const string NotMet = "NotMet";

    /// <summary>It could not be looked at.</summary>
    public const string Unknown = "Unknown";

    /// <summary>Every source is in the tenant.</summary>
    public const string Complete = "Complete";

    /// <summary>Some sources are not in the tenant.</summary>
    public const string Incomplete = "Incomplete";

    /// <summary>The newest certificate ends within thirty days, or has ended.</summary>
    public const string Expiring = "Expiring";

    /// <summary>The newest certificate is valid for more than thirty days.</summary>
    public const string NotExpiring = "NotExpiring";

    // Events about changes in the tenant

    /// <summary>An object was created in the tenant.</summary>
    public const string Created = "Created";

    /// <summary>An object was changed in the tenant.</summary>
    public const string Updated = "Updated";

    /// <summary>An object was deleted from the tenant.</summary>
    public const string Deleted = "Deleted";

    /// <summary>The people an object is assigned to were changed.</summary>
    public const string Assigned = "Assigned";

    /// <summary>A certificate was imported.</summary>
    public const string Imported = "Imported";

    /// <summary>An object was left in the tenant on purpose or because nobody could reach it any more.</summary>
    public const string Orphaned = "Orphaned";
}
