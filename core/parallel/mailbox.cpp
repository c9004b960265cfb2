#include "core/parallel/mailbox.hpp"

#include <chrono>
#include <limits>
#include <thread>

#include "core/base/error.hpp"

namespace ister::core {

Mailbox::Mailbox(MPI_Comm comm, std::function<void(std::string)> use) : m_comm(comm), m_use(std::move(use)) {
  MPI_Comm_rank(comm, &m_rank);
}

/// Synchronous, so that a message that is complete has been taken.
void Mailbox::send(int rank, std::string bytes) {
  if (rank == m_rank) return m_use(std::move(bytes));
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw InputError("a message of " + std::to_string(bytes.size()) + " bytes is too long for MPI");
  Sent& sent = m_sent.emplace_back(Sent{std::move(bytes), MPI_REQUEST_NULL});
  MPI_Issend(sent.bytes.data(), static_cast<int>(sent.bytes.size()), MPI_BYTE, rank, 0, m_comm, &sent.request);
}

void Mailbox::look() {
  for (int there = 1; there != 0;) {
    MPI_Message message = MPI_MESSAGE_NULL;
    MPI_Status status;
    MPI_Improbe(MPI_ANY_SOURCE, 0, m_comm, &there, &message, &status);
    if (there == 0) break;
    int size = 0;
    MPI_Get_count(&status, MPI_BYTE, &size);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    MPI_Mrecv(bytes.data(), size, MPI_BYTE, &message, MPI_STATUS_IGNORE);
    m_use(std::move(bytes));
  }
  m_sent.remove_if([](Sent& sent) {
    int taken = 0;
    MPI_Test(&sent.request, &taken, MPI_STATUS_IGNORE);
    return taken != 0;
  });
}

/// A rank whose messages have been taken says so, and takes those of others until all have said so. Hoefler, Siebert
/// and Lumsdaine, PPoPP 2010.
void Mailbox::finish() {
  MPI_Request all = MPI_REQUEST_NULL;
  for (int said = 0, done = 0; done == 0;) {
    look();
    if (said == 0 && m_sent.empty()) {
      MPI_Ibarrier(m_comm, &all);
      said = 1;
    }
    if (said != 0) MPI_Test(&all, &done, MPI_STATUS_IGNORE);
    if (done == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  MPI_Barrier(m_comm);  // others may still be using what they have taken
}

}  // namespace ister::core
