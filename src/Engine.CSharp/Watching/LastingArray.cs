using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BtcBandit.Engine.Watching;

/// <summary>Arrays that are filled from the start to the end and kept for the rest of the run.</summary>
/// <remarks>
/// The collector does not move them, and does not count them among the young objects, of which it would otherwise allow so many
/// that they leave the processor's cache. On Linux the pages are asked for at once, which halves the cost of touching them first
/// in a virtual machine. Replaces <c>new T[length]</c>; docs/decisions/0025 says what was measured.
/// </remarks>
internal static class LastingArray
{
    private const int PopulateWrite = 23;

    /// <summary>Returns an array; its values are arbitrary until they are written.</summary>
    public static T[] Of<T>(int length)
        where T : unmanaged
    {
        var array = GC.AllocateUninitializedArray<T>(length, pinned: true);
        if (OperatingSystem.IsLinux() && length > 0)
        {
            var start = Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
            var page = start & ~(nint)(Environment.SystemPageSize - 1);
            // A kernel that does not know the request, before 5.14, leaves the pages to be touched one by one.
            _ = Advise(page, (nuint)(start - page) + (nuint)length * (nuint)Unsafe.SizeOf<T>(), PopulateWrite);
        }

        return array;
    }

    [DllImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(nint address, nuint length, int advice);
}
